/* doc/html/page.js - what every report has: dark and light, commands to copy, two results side by side. */
'use strict';

window.dagcastPage = (function () {
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

  function addThemeButton() {
    const dark = window.matchMedia('(prefers-color-scheme: dark)');
    const b = button('◐', 'Switch between dark and light', function () {
      const now = document.documentElement.dataset.theme || (dark.matches ? 'dark' : 'light');
      document.documentElement.dataset.theme = now === 'dark' ? 'light' : 'dark';
      window.dispatchEvent(new Event('themechange'));
    });
    b.className = 'theme';
    document.querySelector('header').append(b);
    dark.addEventListener('change', function () { window.dispatchEvent(new Event('themechange')); });
  }

  /* Selects the text where the clipboard is not given to pages of files: Control+C then copies it. */
  function select(pre) {
    const range = document.createRange();
    range.selectNodeContents(pre);
    const selection = window.getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
  }

  function copy(pre, b) {
    function say(words) {
      b.textContent = words;
      setTimeout(function () { b.textContent = 'Copy'; }, 1500);
    }
    select(pre);
    let done = false;
    try { done = document.execCommand('copy'); } catch (e) { done = false; }
    if (done) say('Copied');
    else if (navigator.clipboard)
      navigator.clipboard.writeText(pre.textContent).then(function () { say('Copied'); }, function () { say('Selected'); });
    else say('Selected');
  }

  /* A button beside a <pre>, which holds a command or a script. */
  function addCopy(pre) {
    const box = element('div', 'copied');
    pre.replaceWith(box);
    const b = button('Copy', 'Copy the command', function () { copy(pre, b); });
    b.className = 'copy';
    box.append(pre, b);
  }

  /* ---- two results side by side ---- */

  function chooser(parts, at, label, onChange) {
    const box = element('label', '', label + ' '), list = element('select');
    parts.forEach(function (part, i) {
      const option = element('option', '', (i + 1) + ': ' + part.querySelector('h2').textContent);
      option.value = String(i);
      list.append(option);
    });
    list.value = String(at);
    list.addEventListener('change', onChange);
    box.append(list);
    return { box: box, list: list };
  }

  function addSides() {
    const main = document.querySelector('main'), parts = Array.from(document.querySelectorAll('section.part'));
    if (parts.length < 2) return;
    const bar = element('div', 'sides'), left = chooser(parts, 0, 'left', show), right = chooser(parts, 1, 'right', show);
    const b = button('Side by side', '', function () {
      main.classList.toggle('two');
      show();
    });
    function show() {
      const two = main.classList.contains('two');
      b.setAttribute('aria-pressed', String(two));
      left.box.hidden = right.box.hidden = !two;
      parts.forEach(function (part, i) {
        part.hidden = two && String(i) !== left.list.value && String(i) !== right.list.value;
        part.style.order = !two ? '' : String(i) === left.list.value ? '1' : '2';
      });
      window.dispatchEvent(new Event('resize'));
    }
    bar.append(b, left.box, right.box);
    document.querySelector('nav').after(bar);
    show();
  }

  addThemeButton();
  document.querySelectorAll('main pre').forEach(addCopy);
  addSides();
  return { element: element, button: button, addCopy: addCopy };
})();
