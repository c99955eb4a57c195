/* doc/html/gantt.js - the Gantt chart of a report: zooms, pans, shows a task's facts, highlights a set, switches mode.
 *
 * Each <figure class="gantt"> holds its data as JSON (plots/gantt_data.h says of what shape) and is filled in here. Names reach the page as text
 * content or through the canvas, never as markup. One pass over the boxes a frame: 10^5 boxes stay fluid. */
'use strict';

(function () {
  const hatches = window.ganttHatches, facts = window.ganttFacts, ground = window.ganttGround, drawing = window.ganttDrawing;
  const AXIS = ground.AXIS, LEFT = ground.LEFT, seconds = facts.seconds, KEY_STEP = 0.15, ZOOM_STEP = 1.5, MIN_SPAN_S = 1e-3;

  function element(tag, className, text) {
    const e = document.createElement(tag);
    if (className) e.className = className;
    if (text !== undefined) e.textContent = text;
    return e;
  }

  function button(text, label, onClick) {
    const b = element('button', '', text);
    b.type = 'button';
    if (label) b.setAttribute('aria-label', label);
    b.addEventListener('click', onClick);
    return b;
  }

  /* Rows of a task as objects; the JSON holds arrays, since names repeated 10^4 times are most of a file. */
  function tasksOf(panel, columns) {
    return panel.tasks.map(function (row) {
      const task = {};
      columns.forEach(function (name, i) { task[name] = row[i]; });
      return task;
    });
  }

  function Chart(figure) {
    this.figure = figure;
    this.data = JSON.parse(figure.querySelector('script').textContent);
    for (const panel of this.data.panels) {
      panel.tasks = tasksOf(panel, this.data.columns);
      for (const task of panel.tasks) task.stretches = hatches.of(task);
      panel.boxes = drawing.boxesOf(panel);
    }
    this.span = Math.max.apply(null, this.data.panels.map(function (p) { return p.makespan; })) || 1;
    this.highlighted = null;                            // a label, or null
    this.selected = -1;                                 // a task of the panel, or -1
    this.build();
    this.show(this.data.panels.length - 1);
  }

  /* ---- what the figure consists of ---- */

  Chart.prototype.build = function () {
    const bar = element('div', 'bar');
    this.tabs = this.data.panels.map((panel, i) => {
      const b = button(panel.name || 'recorded', '', () => this.show(i));
      b.dataset.mode = panel.name || '';
      return b;
    });
    const modes = element('div', 'modes');
    modes.setAttribute('role', 'group');
    modes.setAttribute('aria-label', 'Mode');
    modes.append.apply(modes, this.tabs);
    if (this.tabs.length > 1) bar.append(modes);
    const zoom = element('div', 'zoom');
    zoom.append(button('+', 'Zoom in', () => this.zoom(1 / ZOOM_STEP)), button('−', 'Zoom out', () => this.zoom(ZOOM_STEP)),
                button('whole', 'Show the whole run', () => this.reset()));
    bar.append(zoom);
    this.buildCanvas();
    this.buildLegend();
    this.hatches = element('div', 'hatches');
    this.status = element('p', 'status');
    this.status.setAttribute('role', 'status');
    this.figure.prepend(bar, this.legend, this.hatches, this.frame, this.status);
    window.addEventListener('resize', () => this.draw());
    window.addEventListener('themechange', () => this.draw());
    window.addEventListener('beforeprint', () => this.draw('print'));
    window.addEventListener('afterprint', () => this.draw());
  };

  Chart.prototype.buildLegend = function () {
    this.legend = element('div', 'legend');
    this.legend.setAttribute('role', 'group');
    this.legend.setAttribute('aria-label', 'Highlight a task set');
    this.data.labels.forEach((label, i) => {
      const b = button('', '', () => this.highlight(this.highlighted === i ? null : i));
      b.append(element('span', 'swatch'), element('bdi', '', label.name));
      b.title = label.name;
      b.setAttribute('aria-pressed', 'false');
      this.legend.append(b);
    });
  };

  Chart.prototype.buildCanvas = function () {
    this.frame = element('div', 'frame');
    this.canvas = element('canvas');
    this.canvas.tabIndex = 0;
    this.canvas.setAttribute('role', 'application');
    this.canvas.setAttribute('aria-label', 'Gantt chart. Arrow keys pan, plus and minus zoom, zero shows the whole run, n and p step ' +
                             'through the tasks, escape ends a selection.');
    this.tip = element('div', 'tip');
    this.tip.hidden = true;
    this.frame.append(this.canvas, this.tip);
    this.canvas.addEventListener('keydown', (e) => this.key(e));
    this.canvas.addEventListener('wheel', (e) => this.wheel(e), { passive: false });
    this.canvas.addEventListener('pointerdown', (e) => this.press(e));
    this.canvas.addEventListener('pointermove', (e) => this.move(e));
    this.canvas.addEventListener('pointerup', () => { this.drag = null; });
    this.canvas.addEventListener('pointerleave', () => { if (this.selected < 0) this.tip.hidden = true; });
    this.canvas.addEventListener('dblclick', (e) => this.zoom(1 / ZOOM_STEP, this.at(e)));
  };

  /* ---- the state: a mode, a view, a highlighted label, a selected task ---- */

  Chart.prototype.show = function (index) {
    const before = this.panel;
    this.panel = this.data.panels[index];
    this.tabs.forEach((tab, i) => tab.setAttribute('aria-pressed', String(i === index)));
    this.figure.dataset.mode = this.panel.name || '';
    this.selected = -1;
    this.tip.hidden = true;
    hatches.explain(this.hatches, this.panel);
    ground.explain(this.hatches, this.panel);
    if (!before || before.nodes.length !== this.panel.nodes.length) this.reset();
    this.say((this.panel.name ? this.panel.name + ': ' : '') + this.panel.tasks.length + ' tasks, makespan ' + seconds(this.panel.makespan));
    this.draw();
  };

  Chart.prototype.reset = function () {
    this.view = { x0: 0, x1: this.span * 1.01, y0: 0, y1: this.panel.nodes.length };
    this.draw();
  };

  Chart.prototype.say = function (text) {
    this.status.textContent = text;
  };

  Chart.prototype.highlight = function (label) {
    this.highlighted = label;
    this.figure.dataset.highlighted = label === null ? '' : this.data.labels[label].name;
    Array.from(this.legend.children).forEach((b, i) => b.setAttribute('aria-pressed', String(i === label)));
    this.draw();
  };

  /* Factor below 1: closer. `where`: the point that stays. */
  Chart.prototype.zoom = function (factor, where, vertical) {
    const v = this.view, from = vertical ? 'y0' : 'x0', to = vertical ? 'y1' : 'x1';
    const most = vertical ? this.panel.nodes.length : this.span * 1.01, least = vertical ? 0.5 : MIN_SPAN_S;
    const fixed = where ? (vertical ? where.y : where.x) : (v[from] + v[to]) / 2;
    const span = Math.min(most, Math.max(least, (v[to] - v[from]) * factor)), share = (fixed - v[from]) / (v[to] - v[from]);
    v[from] = Math.max(0, Math.min(most - span, fixed - share * span));
    v[to] = v[from] + span;
    this.draw();
  };

  Chart.prototype.pan = function (dx, dy) {
    const v = this.view, width = v.x1 - v.x0, height = v.y1 - v.y0;
    v.x0 = Math.max(0, Math.min(this.span * 1.01 - width, v.x0 + dx));
    v.x1 = v.x0 + width;
    v.y0 = Math.max(0, Math.min(this.panel.nodes.length - height, v.y0 + dy));
    v.y1 = v.y0 + height;
    this.draw();
  };

  /* ---- hands ---- */

  Chart.prototype.at = function (e) {
    const r = this.canvas.getBoundingClientRect(), v = this.view;
    return { x: v.x0 + (e.clientX - r.left - LEFT) / (r.width - LEFT) * (v.x1 - v.x0),
             y: v.y0 + (e.clientY - r.top) / (r.height - AXIS) * (v.y1 - v.y0) };
  };

  Chart.prototype.taskAt = function (p) {
    const b = this.panel.boxes;
    for (let i = 0; i < b.from.length; i++)
      if (b.from[i] <= p.x && p.x <= b.to[i] && b.top[i] <= p.y && p.y <= b.bottom[i]) return b.task[i];
    return -1;
  };

  /* The page scrolls with the wheel until the chart was clicked, or Control is held. */
  Chart.prototype.wheel = function (e) {
    if (!e.ctrlKey && document.activeElement !== this.canvas) return;
    e.preventDefault();
    this.zoom(e.deltaY < 0 ? 1 / ZOOM_STEP : ZOOM_STEP, this.at(e), e.shiftKey);
  };

  Chart.prototype.press = function (e) {
    this.canvas.setPointerCapture(e.pointerId);
    this.drag = { x: e.clientX, y: e.clientY };
  };

  Chart.prototype.move = function (e) {
    if (this.drag) {
      const r = this.canvas.getBoundingClientRect(), v = this.view;
      this.pan((this.drag.x - e.clientX) / (r.width - LEFT) * (v.x1 - v.x0), (this.drag.y - e.clientY) / (r.height - AXIS) * (v.y1 - v.y0));
      this.drag = { x: e.clientX, y: e.clientY };
      return;
    }
    const task = this.taskAt(this.at(e)), r = this.frame.getBoundingClientRect();
    if (task >= 0) this.showFacts(task, e.clientX - r.left, e.clientY - r.top);
    else this.tip.hidden = true;
    if (this.selected !== task) {
      this.selected = task;
      this.draw();
    }
  };

  Chart.prototype.key = function (e) {
    const v = this.view, dx = KEY_STEP * (v.x1 - v.x0), dy = KEY_STEP * (v.y1 - v.y0);
    const actions = {
      ArrowLeft: () => this.pan(-dx, 0), ArrowRight: () => this.pan(dx, 0), ArrowUp: () => this.pan(0, -dy), ArrowDown: () => this.pan(0, dy),
      '+': () => this.zoom(1 / ZOOM_STEP), '=': () => this.zoom(1 / ZOOM_STEP), '-': () => this.zoom(ZOOM_STEP), '0': () => this.reset(),
      n: () => this.step(1), p: () => this.step(-1), Escape: () => this.step(0),
    };
    if (!actions[e.key] || e.ctrlKey || e.metaKey || e.altKey) return;
    e.preventDefault();
    actions[e.key]();
  };

  /* To the next or previous task in order of start, of the highlighted set if there is one; 0: to none. */
  Chart.prototype.step = function (by) {
    const n = this.panel.tasks.length;
    let t = this.selected < 0 ? (by > 0 ? -1 : n) : this.selected;
    do t += by; while (by && t >= 0 && t < n && (!this.lit(t) || !this.panel.tasks[t].slots.length));
    if (by && (t < 0 || t >= n)) return;
    this.selected = by ? t : -1;
    this.tip.hidden = true;
    this.draw();
    if (by) {
      const where = this.placeOf(t);
      this.showFacts(t, where.x, where.y);
    }
  };

  /* A task's box on the frame, brought into view. */
  Chart.prototype.placeOf = function (t) {
    const b = this.panel.boxes, i = b.task.indexOf(t), v = this.view, middle = (b.from[i] + b.to[i]) / 2;
    if (middle < v.x0 || middle > v.x1 || b.top[i] < v.y0 || b.bottom[i] > v.y1)
      this.pan(middle - (v.x0 + v.x1) / 2, b.top[i] - (v.y0 + v.y1) / 2);
    return { x: this.x(middle), y: this.y(b.bottom[i]) };
  };

  /* ---- facts ---- */

  Chart.prototype.showFacts = function (t, x, y) {
    const list = element('dl');
    const told = facts.of(this, t);
    for (const [name, text] of told) {
      const value = element('dd');
      value.append(element('bdi', '', text));
      list.append(element('dt', '', name), value);
    }
    this.tip.replaceChildren(list);
    this.tip.hidden = false;
    const room = this.frame.clientWidth - this.tip.offsetWidth - 4;
    this.tip.style.left = Math.max(0, Math.min(room, x + 14)) + 'px';
    this.tip.style.top = (y + 14) + 'px';
    this.say(told.slice(0, 5).map(function (f) { return f[0] + ' ' + f[1]; }).join('; '));
  };

  /* ---- drawing ---- */

  Chart.prototype.x = function (time) {
    return LEFT + (time - this.view.x0) / (this.view.x1 - this.view.x0) * (this.width - LEFT);
  };

  Chart.prototype.y = function (lane) {
    return (lane - this.view.y0) / (this.view.y1 - this.view.y0) * (this.height - AXIS);
  };

  Chart.prototype.lit = function (t) {
    return this.highlighted === null || this.data.sets[this.panel.tasks[t].set].label === this.highlighted;
  };

  Chart.prototype.draw = function (medium) {
    if (this.panel && this.view) drawing.draw(this, medium);
  };

  document.querySelectorAll('figure.gantt').forEach(function (figure) { new Chart(figure); });
})();
