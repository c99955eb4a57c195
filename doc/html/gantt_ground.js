/* doc/html/gantt_ground.js - what lies behind the boxes of a Gantt chart: shaded iterations, the time axis, the nodes. */
'use strict';

window.ganttGround = (function () {
  const AXIS = 28, LEFT = 96;

  /* A step of 1, 2 or 5 times a power of ten with about `most` steps in the span. */
  function niceStep(span, most) {
    const raw = span / most, power = Math.pow(10, Math.floor(Math.log10(raw)));
    for (const m of [1, 2, 5]) if (m * power >= raw) return m * power;
    return 10 * power;
  }

  /* Every second iteration, from its first start to the next one's. */
  function shade(chart, g) {
    const bottom = chart.height - AXIS;
    g.fillStyle = chart.shading;
    for (const [, from, to] of chart.panel.shaded) {
      const left = Math.max(LEFT, chart.x(from)), right = Math.min(chart.width, chart.x(to));
      if (right > left) g.fillRect(left, 0, right - left, bottom);
    }
  }

  function explain(element, panel) {
    if (!panel.shaded.length) return;
    const entry = document.createElement('span'), swatch = document.createElement('span');
    swatch.className = 'swatch iteration';
    entry.append(swatch, 'every second iteration, from its first start');
    element.append(entry);
  }

  /* As plots/page.c: what is seen of months is labelled in days, of a day in hours. */
  function unitOf(seconds) {
    return seconds > 4 * 86400 ? { seconds: 86400, name: 'd' } : seconds > 6 * 3600 ? { seconds: 3600, name: 'h' } : { seconds: 1, name: 's' };
  }

  function axes(chart, g) {
    const v = chart.view, bottom = chart.height - AXIS, nodes = chart.panel.nodes;
    g.font = '12px system-ui, sans-serif';
    g.strokeStyle = chart.rule;
    g.fillStyle = chart.ink;
    g.textAlign = 'center';
    g.textBaseline = 'top';
    const unit = unitOf(v.x1 - v.x0), span = (v.x1 - v.x0) / unit.seconds;
    const nice = niceStep(span, chart.width / 110), digits = Math.max(0, -Math.floor(Math.log10(nice))), step = nice * unit.seconds;
    for (let k = Math.ceil(v.x0 / step), t; (t = k * step) <= v.x1; k++) {
      g.fillRect(chart.x(t), bottom, 1, 4);
      g.beginPath();
      g.moveTo(chart.x(t), 0);
      g.lineTo(chart.x(t), bottom);
      g.stroke();
      if (chart.x(t) < chart.width - 20) g.fillText((t / unit.seconds).toFixed(digits) + ' ' + unit.name, chart.x(t), bottom + 8);
    }
    g.textAlign = 'right';
    g.textBaseline = 'middle';
    const every = Math.max(1, Math.ceil((v.y1 - v.y0) * 15 / bottom));
    for (let k = Math.floor(v.y0); k < v.y1 && k < nodes.length; k++) {
      g.fillStyle = chart.rule;
      g.fillRect(LEFT, chart.y(k), chart.width - LEFT, 1);
      g.fillStyle = chart.ink;
      const middle = chart.y(k + 0.5);
      if (k % every === 0 && middle > 4 && middle < bottom - 4) g.fillText('\u2068' + nodes[k].name + '\u2069', LEFT - 8, middle, LEFT - 12);
    }
    g.fillRect(LEFT - 1, 0, 1, bottom);
    g.fillRect(LEFT - 1, bottom, chart.width - LEFT + 1, 1);
  }

  return { AXIS: AXIS, LEFT: LEFT, shade: shade, explain: explain, axes: axes };
})();
