/* doc/html/explore.js - a sweep to move through: a slider for each setting that varies, the figures of that point, the command that gives it,
 * and a second point beside it.
 *
 * Each <figure class="explore"> holds its data as JSON (cli/sweep_explore.c): axes with their values, figures, rows. Names reach the page as
 * text content, never as markup. A point is found by its key, so 10^5 rows are as quick as ten. */
'use strict';

(function () {
  const element = window.dagcastPage.element, button = window.dagcastPage.button;

  function keyOf(at) { return at.join(','); }

  function number(x, figure) {
    return x === null || x === undefined ? '–' : x.toFixed(figure.decimals) + (figure.unit ? ' ' + figure.unit : '');
  }

  function valueText(v) { return v === null ? 'as usual' : String(v); }

  /* A word as a shell takes it. */
  function quoted(text) { return /^[A-Za-z0-9_.,:=\/@%+-]+$/.test(text) ? text : "'" + text.replace(/'/g, "'\\''") + "'"; }

  function Explorer(figure) {
    this.figure = figure;
    this.data = JSON.parse(figure.querySelector('script').textContent);
    this.rows = new Map();
    for (const row of this.data.rows) this.rows.set(keyOf(row.at), row);
    this.varying = this.data.axes.map(function (a, i) { return i; }, this).filter(function (i) { return this.data.axes[i].values.length > 1; }, this);
    this.focus = this.varying[0];
    this.sides = [];
    this.build();
  }

  Explorer.prototype.best = function () {
    let best = null;
    for (const row of this.data.rows)
      if (!row.error && row.figures[0] !== null && (!best || row.figures[0] < best.figures[0])) best = row;
    return best || this.data.rows[0];
  };

  Explorer.prototype.build = function () {
    const self = this;
    this.panels = element('div', 'panels');
    this.compare = button('Compare with a second setting', '', function () {
      self.two = !self.two;
      self.update();
    });
    this.compare.className = 'compare';
    this.chart = element('div', 'bars');
    this.chart.setAttribute('role', 'img');
    this.figure.prepend(this.panels, this.chart, this.compare);
    for (const name of ['A', 'B']) this.sides.push(this.side(name, (name === 'A' ? this.best() : this.data.rows[0]).at.slice()));
    this.update();
  };

  Explorer.prototype.side = function (name, at) {
    const side = { name: name, at: at, box: element('div', 'panel'), inputs: [] };
    side.box.dataset.side = name;
    side.box.append(element('h3', '', 'Setting ' + name));
    for (const axis of this.varying) side.box.append(this.slider(side, axis));
    side.figures = element('div', 'figures');
    side.figures.setAttribute('aria-live', 'polite');
    side.command = element('pre');
    side.box.append(side.figures, side.command);
    window.dagcastPage.addCopy(side.command);
    this.panels.append(side.box);
    return side;
  };

  Explorer.prototype.slider = function (side, axis) {
    const self = this, a = this.data.axes[axis], row = element('label', 'slider'), input = element('input'), value = element('output');
    input.type = 'range';
    input.min = '0';
    input.max = String(a.values.length - 1);
    input.step = '1';
    input.value = String(side.at[axis]);
    input.dataset.axis = a.name;
    input.addEventListener('input', function () {
      side.at[axis] = Number(input.value);
      self.focus = axis;
      self.update();
    });
    side.inputs.push({ axis: axis, input: input, value: value });
    row.append(element('span', 'name', a.name), input, value);
    return row;
  };

  /* "dagcast simulate W --platform P --nodes 4 ..."; a study of one point where a setting has no option. */
  Explorer.prototype.command = function (row) {
    const said = this.data.axes.map(function (a, i) { return { name: a.name, option: a.option, value: a.values[row.at[i]] }; })
      .filter(function (s) { return s.value !== null; });
    const workflow = said.find(function (s) { return s.name === 'workflow'; });
    const others = said.filter(function (s) { return s.name !== 'workflow'; });
    if (workflow && others.every(function (s) { return s.option; }))
      return 'dagcast simulate ' + quoted(String(workflow.value)) +
        others.map(function (s) { return ' ' + s.option + ' ' + quoted(String(s.value)); }).join('') +
        (row.replicas ? ' --replicas ' + row.replicas : '');
    const study = {};
    for (const s of said) study[s.name] = s.value;
    if (row.replicas) study.replicas = row.replicas;
    return "cat >point.json <<'END'\n" + JSON.stringify(study, null, 1) + '\nEND\ndagcast sweep point.json --store point.sqlite';
  };

  Explorer.prototype.showSide = function (side, against) {
    const row = this.rows.get(keyOf(side.at)), self = this;
    for (const i of side.inputs) {
      i.input.value = String(side.at[i.axis]);
      i.value.textContent = valueText(this.data.axes[i.axis].values[side.at[i.axis]]);
      i.input.setAttribute('aria-valuetext', i.value.textContent);
    }
    side.figures.replaceChildren();
    side.command.parentElement.hidden = !row;
    if (!row || row.error) {
      side.figures.append(element('p', 'warning', row ? 'Cannot run: ' + row.error : 'This combination is not in the sweep.'));
      side.command.textContent = row ? this.command(row) : '';
      return;
    }
    this.data.figures.forEach(function (figure, k) {
      const x = row.figures[k], card = element('div');
      if (x === null) return;
      card.append(element('span', 'name', figure.label), element('strong', '', number(x, figure)));
      if (against && !against.error && against.figures[k]) {
        const change = 100 * (x / against.figures[k] - 1);
        card.append(element('span', 'note', (change < 0 ? '−' : '+') + Math.abs(change).toFixed(1) + ' % against A'));
      }
      side.figures.append(card);
    });
    side.command.textContent = self.command(row);
  };

  /* The first figure over the setting that was moved last, all else as in A: a bar a value. */
  Explorer.prototype.showBars = function () {
    const axis = this.data.axes[this.focus], figure = this.data.figures[0], at = this.sides[0].at.slice(), found = [];
    axis.values.forEach(function (v, i) {
      at[this.focus] = i;
      const row = this.rows.get(keyOf(at));
      if (row && !row.error && row.figures[0] !== null) found.push({ i: i, value: v, x: row.figures[0] });
    }, this);
    const most = Math.max.apply(null, found.map(function (f) { return f.x; }).concat([0])), self = this;
    this.chart.replaceChildren(element('p', 'note', figure.label + (figure.unit ? ' [' + figure.unit + ']' : '') + ' over ' + axis.name +
      ', all else as in A'));
    for (const f of found.slice(0, 60)) {
      const line = element('div', 'line'), bar = element('div', 'bar');
      bar.style.width = (most > 0 ? 100 * f.x / most : 0) + '%';
      bar.dataset.here = String(f.i === self.sides[0].at[self.focus]);
      const room = element('div', 'room');
      room.append(bar);
      line.append(element('span', 'name', valueText(f.value)), room, element('span', 'value', number(f.x, figure)));
      this.chart.append(line);
    }
    this.chart.setAttribute('aria-label', found.map(function (f) { return valueText(f.value) + ': ' + number(f.x, figure); }).join(', '));
  };

  Explorer.prototype.update = function () {
    this.compare.textContent = this.two ? 'One setting' : 'Compare with a second setting';
    this.compare.setAttribute('aria-pressed', String(Boolean(this.two)));
    this.sides[1].box.hidden = !this.two;
    this.panels.classList.toggle('two', Boolean(this.two));
    this.sides[0].box.querySelector('h3').hidden = !this.two;
    this.showSide(this.sides[0], null);
    this.showSide(this.sides[1], this.rows.get(keyOf(this.sides[0].at)));
    this.showBars();
  };

  document.querySelectorAll('figure.explore').forEach(function (figure) { new Explorer(figure); });
})();
