/* doc/html/gantt_facts.js - what a Gantt chart tells of a task that is pointed at. */
'use strict';

window.ganttFacts = (function () {
  function seconds(x) {
    return (Math.abs(x) < 100 ? x.toFixed(2) : x.toFixed(1)) + ' s';
  }

  function laneText(ids) {
    return ids.map(function (r) { return r[1] > 1 ? r[0] + '-' + (r[0] + r[1] - 1) : String(r[0]); }).join(' ');
  }

  /* "node3: cores 0-3, GPU 1" of each node. */
  function placesText(chart, task) {
    const nodes = new Map();
    for (let i = 0; i < task.slots.length; i += 4) {
      if (!nodes.has(task.slots[i])) nodes.set(task.slots[i], [[], []]);
      nodes.get(task.slots[i])[task.slots[i + 1]].push([task.slots[i + 2], task.slots[i + 3]]);
    }
    return Array.from(nodes, ([node, kinds]) => chart.panel.nodes[node].name +
      (kinds[0].length ? ': ' + chart.data.slot_kind + ' ' + laneText(kinds[0]) : '') + (kinds[1].length ? ', GPU ' + laneText(kinds[1]) : ''));
  }

  function factsOf(chart, t) {
    const task = chart.panel.tasks[t], set = chart.data.sets[task.set];
    const facts = [['task', set.name + ' [' + task.index + ']' + (task.attempt ? ', attempt ' + (task.attempt + 1) : '')],
                   ['status', task.status], ['needs', set.demand]];
    if (chart.panel.placed) facts.push(['on', placesText(chart, task).join('; ')]);
    facts.push(['executed', seconds(task.stopped - task.started) + ', from ' + seconds(task.started) + ' to ' + seconds(task.stopped)]);
    for (let i = 0; task.phases && i < task.phases.length; i += 4)
      facts.push([{ compute: 'computed', move: 'moved', ask: 'asked', load: 'loaded', serve: 'served' }[task.phases[i]],
                  (task.phases[i].match(/move|ask/) ? task.phases[i + 1] + ', ' : '') + seconds(task.phases[i + 3] - task.phases[i + 2]) +
                  ', from ' + seconds(task.phases[i + 2]) + ' to ' + seconds(task.phases[i + 3])]);
    if (task.arrived !== null && task.scheduled !== null) facts.push(['waited for slots', seconds(task.scheduled - task.arrived)]);
    for (const name of ['submitted', 'arrived', 'scheduled', 'launched', 'freed', 'notified'])
      if (task[name] !== null) facts.push([name, 'at ' + seconds(task[name])]);
    return facts;
  }

  return { seconds: seconds, of: factsOf };
})();
