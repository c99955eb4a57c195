/* doc/html/gantt_drawing.js - the boxes of a Gantt chart: where they lie, and how all is drawn, in the colours of their sets. */
'use strict';

window.ganttDrawing = (function () {
  const hatches = window.ganttHatches, ground = window.ganttGround, AXIS = ground.AXIS, LEFT = ground.LEFT;
  const CORE = 0;                                       // kinds of lanes; 1: GPU

  /* Where the lanes of a node lie within its band, 0..1 from the top: cores, then GPUs. */
  function band(node) {
    return node.gpus ? { top: [0.05, 0.65], height: [0.55, 0.30] } : { top: [0.05, 0.95], height: [0.90, 0] };
  }

  /* Boxes of a panel: from, to, top, bottom, task, one after the other in flat arrays. */
  function boxesOf(panel) {
    const boxes = { from: [], to: [], top: [], bottom: [], task: [] };
    panel.tasks.forEach(function (task, t) {
      for (let i = 0; i < task.slots.length; i += 4) {
        const node = task.slots[i], kind = task.slots[i + 1], first = task.slots[i + 2], n = task.slots[i + 3];
        const b = band(panel.nodes[node]), lanes = kind === CORE ? panel.nodes[node].slots : panel.nodes[node].gpus;
        boxes.from.push(task.started);
        boxes.to.push(task.stopped);
        boxes.top.push(node + b.top[kind] + b.height[kind] * first / lanes);
        boxes.bottom.push(node + b.top[kind] + b.height[kind] * (first + n) / lanes);
        boxes.task.push(t);
      }
    });
    return boxes;
  }

  /* Dark colours ("#00543d") a step towards white, for a dark ground. */
  function lighter(colour) {
    const parts = [1, 3, 5].map(function (i) { return parseInt(colour.slice(i, i + 2), 16); });
    const share = Math.max(0, (110 - hatches.luma(colour)) / 255);
    return 'rgb(' + parts.map(function (p) { return Math.round(p + share * (255 - p)); }).join(',') + ')';
  }

  /* From the ninth set on colours return, hatched: the fill of a label. */
  function hatchOf(g, label, colour) {
    return label.hatched ? hatches.pattern(g, colour, 'rgba(255, 255, 255, 0.75)', 1) : colour;
  }

  /* What did not end well is crossed out. */
  function drawCross(chart, g, x, y, w, h) {
    if (w < 3 || h < 3) return;
    g.strokeStyle = chart.paper;
    g.beginPath();
    g.moveTo(x, y);
    g.lineTo(x + w, y + h);
    g.moveTo(x, y + h);
    g.lineTo(x + w, y);
    g.stroke();
  }

  function drawBoxes(chart, g) {
    const b = chart.panel.boxes, v = chart.view, tasks = chart.panel.tasks, sets = chart.data.sets;
    for (let i = 0; i < b.from.length; i++) {
      if (b.to[i] < v.x0 || b.from[i] > v.x1 || b.bottom[i] < v.y0 || b.top[i] > v.y1) continue;
      const t = b.task[i], x = chart.x(b.from[i]), y = chart.y(b.top[i]);
      const w = chart.x(b.to[i]) - x, h = chart.y(b.bottom[i]) - y, sx = w > 4 ? 0.5 : 0, sy = h > 4 ? 0.5 : 0;   // visible seams
      g.globalAlpha = chart.lit(t) ? 1 : 0.12;
      g.fillStyle = chart.fills[sets[tasks[t].set].label];
      g.fillRect(x + sx, y + sy, Math.max(0.7, w - 2 * sx), Math.max(0.7, h - 2 * sy));
      if (w > 3) hatches.draw(chart, g, tasks[t], y + sy, Math.max(0.7, h - 2 * sy));
      if (tasks[t].status !== 'done') drawCross(chart, g, x, y, w, h);
      if (t === chart.selected) {
        g.globalAlpha = 1;
        g.strokeStyle = chart.ink;
        g.lineWidth = 2;
        g.strokeRect(x, y, w, h);
        g.lineWidth = 1;
      }
    }
    g.globalAlpha = 1;
  }

  /* `medium` 'print': in black on white, whatever the theme. */
  function draw(chart, medium) {
    const scale = window.devicePixelRatio || 1, c = chart.canvas;
    const style = getComputedStyle(medium === 'print' ? document.documentElement : chart.figure);
    chart.width = c.clientWidth || 1000;
    chart.height = c.clientHeight || 420;
    c.width = Math.round(chart.width * scale);
    c.height = Math.round(chart.height * scale);
    const g = c.getContext('2d');
    g.setTransform(scale, 0, 0, scale, 0, 0);
    chart.ink = medium === 'print' ? '#000' : style.getPropertyValue('--ink').trim();
    chart.rule = medium === 'print' ? '#ccc' : style.getPropertyValue('--rule').trim();
    chart.shading = medium === 'print' ? '#e3ecf6' : style.getPropertyValue('--shade').trim();
    chart.paper = medium === 'print' ? '#fff' : style.getPropertyValue('--paper').trim();
    const dark = medium !== 'print' && style.colorScheme === 'dark';
    chart.colours = chart.data.labels.map(function (label) { return dark ? lighter(label.colour) : label.colour; });
    Array.from(chart.legend.children).forEach((b, i) => {
      b.firstChild.style.background = chart.data.labels[i].hatched
        ? 'repeating-linear-gradient(-45deg, ' + chart.colours[i] + ' 0 3px, #fff 3px 4px)' : chart.colours[i];
    });
    chart.fills = chart.data.labels.map((label, i) => hatchOf(g, label, chart.colours[i]));
    chart.over = hatches.over(g);
    g.fillStyle = chart.paper;
    g.fillRect(0, 0, chart.width, chart.height);
    ground.shade(chart, g);
    ground.axes(chart, g);
    g.save();
    g.beginPath();
    g.rect(LEFT, 0, chart.width - LEFT, chart.height - AXIS);
    g.clip();
    drawBoxes(chart, g);
    g.restore();
    chart.figure.dataset.span = String(chart.view.x1 - chart.view.x0);
    chart.figure.dataset.drawn = String(Number(chart.figure.dataset.drawn || 0) + 1);
  }

  return { boxesOf: boxesOf, draw: draw };
})();
