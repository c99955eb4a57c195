/* doc/html/gantt_hatches.js - what the tasks of a Gantt chart do besides computing, hatched over the colour of their set. */
'use strict';

window.ganttHatches = (function () {
  function luma(colour) {
    const parts = [1, 3, 5].map(function (i) { return parseInt(colour.slice(i, i + 2), 16); });
    return 0.3 * parts[0] + 0.59 * parts[1] + 0.11 * parts[2];
  }

  /* A pattern of lines that rise (up 1) or fall (-1), over a ground; no ground: to be laid over a fill. */
  function pattern(g, ground, line, up) {
    const tile = document.createElement('canvas'), size = 8;
    tile.width = tile.height = size;
    const t = tile.getContext('2d');
    if (ground) {
      t.fillStyle = ground;
      t.fillRect(0, 0, size, size);
    }
    t.strokeStyle = line;
    t.lineWidth = 1.5;
    for (const shift of [-size, 0, size]) {
      t.beginPath();
      t.moveTo(shift, up > 0 ? size : 0);
      t.lineTo(shift + size, up > 0 ? 0 : size);
      t.stroke();
    }
    return g.createPattern(tile, 'repeat');
  }

  /* What a task does besides computing: kinds of phases, or what became of the attempt. */
  const DOINGS = [{ key: 'moves', text: 'moves data, or waits for a service', kinds: ['move', 'ask'], up: -1 },
                  { key: 'loads', text: 'a service loads', kinds: ['load'], up: 1 },
                  { key: 'lost', text: 'lost: failed, killed or cut off', kinds: [], up: -1 }];

  /* The stretches of a task that are hatched: from, to, number of the doing. */
  function stretchesOf(task) {
    if (task.status !== 'done') return [[task.started, task.stopped, 2]];
    const found = [], phases = task.phases || [];
    for (let i = 0; i < phases.length; i += 4) {
      const from = Math.max(phases[i + 2], task.started), to = Math.min(phases[i + 3], task.stopped);
      const doing = DOINGS.findIndex(function (d) { return d.kinds.includes(phases[i]); });
      if (doing >= 0 && from < to) found.push([from, to, doing]);
    }
    return found;
  }

  /* What the hatches mean, as far as the panel has them. */
  function explain(element, panel) {
    const found = DOINGS.filter(function (doing, i) {
      return panel.tasks.some(function (task) { return task.stretches.some(function (s) { return s[2] === i; }); });
    });
    element.replaceChildren.apply(element, found.map(function (doing) {
      const entry = document.createElement('span'), swatch = document.createElement('span');
      swatch.className = 'swatch ' + doing.key;
      entry.append(swatch, doing.text);
      return entry;
    }));
  }

  /* The fills of each doing: over dark colours, and over light ones. */
  function over(g) {
    return DOINGS.map(function (doing) {
      return ['rgba(255, 255, 255, 0.8)', 'rgba(32, 32, 32, 0.8)'].map(function (line) {
        return pattern(g, '', doing.key === 'lost' ? 'rgba(192, 0, 0, 0.9)' : line, doing.up);
      });
    });
  }

  function draw(chart, g, task, y, height) {
    const light = luma(chart.data.labels[chart.data.sets[task.set].label].colour) > 130 ? 1 : 0;
    for (const [from, to, doing] of task.stretches) {
      g.fillStyle = chart.over[doing][light];
      g.fillRect(chart.x(from), y, chart.x(to) - chart.x(from), height);
    }
  }

  return { luma: luma, pattern: pattern, of: stretchesOf, explain: explain, over: over, draw: draw };
})();
