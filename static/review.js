/* The review grid: a sheet that knows what is wrong with it. Without script its cells are links and buttons, and do the same.
   td[tabindex] are stops. A cell's own buttons stand in its .acts, by name: use, edit, and what else the page has; those of
   the whole row in any of its cells. The bar's [data-press=name] presses them.
   1 where one stands · 2 typing in the cell · 3 saving · 4 answers put in place · 5 chosen rows
   While one walks, the focus is in an empty field inside the cell (#typing), so that an input method composes from the
   first letter on; what it composes is never a shortcut, and the field is never moved while it composes. */
(() => {
  'use strict';
  const { $, $$, composing, press, notice } = window.bacyen;
  const grid = $('.grid');
  if (!grid) return;
  const bar = $('#why'), typing = window.bacyen.typing?.(grid) ?? null;
  const touch = window.matchMedia('(pointer: coarse), (max-width: 640px)').matches;
  const here = { row: '', index: 0, masked: null };

  /* 1. Where one stands ---------------------------------------------------- */
  const isStop = node => node instanceof Element && node.matches('.grid tbody td[tabindex]');
  const cellsOf = row => (row ? $$('td[tabindex]', row) : []);
  const cellHere = () => document.getElementById(here.row)?.cells[here.index];
  const actOf = (cell, name) => $(`.acts > .${name}`, cell) ?? $(`.row-acts > .${name}`, cell.parentNode);
  const stopOnce = root => { for (const act of $$('td > .acts > *', root)) act.tabIndex = -1; };
  /* A letter cannot be text in these, so it may be a key of the bar by itself; elsewhere it needs Alt. */
  const takesLetters = cell => !['number', 'date', undefined].includes(grid.tHead.rows[0].cells[cell.cellIndex].dataset.kind);
  stopOnce(grid);

  function go(cell) {
    if (!cell) return false;
    for (const old of $$('td[tabindex="0"]', grid)) old.tabIndex = -1;
    cell.tabIndex = 0;
    cell.focus();
    return true;
  }

  function neighbour(cell, key) {
    const rows = [...grid.tBodies[0].rows], row = cellsOf(cell.parentNode);
    const i = rows.indexOf(cell.parentNode), j = row.indexOf(cell), same = other => other && (other.cells[cell.cellIndex] ?? cellsOf(other)[j]);
    return { ArrowDown: same(rows[i + 1]), ArrowUp: same(rows[i - 1]), ArrowRight: row[j + 1], ArrowLeft: row[j - 1],
      Home: row[0], End: row.at(-1) }[key];
  }

  /** The cell beside, over the end of the row into the next; undefined at the last. */
  function beside(cell, step) {
    const all = $$('tbody td[tabindex]', grid).filter(one => one.getClientRects().length);
    return all[all.indexOf(cell) + step];
  }

  function nextMarked(cell) {
    const marked = $$('tbody td:is(.error, .warning)[tabindex]', grid);
    return marked.find(other => cell.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING);
  }

  /** Fills the bar from the cell: data-why, or what data-from says where nothing is wrong; data-fix is the whole value. */
  function explain(cell) {
    if (!bar) return;
    const head = grid.tHead.rows[0].cells[cell.cellIndex], number = $('.no', cell.parentNode);
    const label = cell.dataset.l || head.textContent, letters = takesLetters(cell);
    const where = [number && `Dòng ${number.textContent}`, label].filter(Boolean);
    const reason = cell.dataset.why || `${cell.dataset.from || ''} Không có điều cần xem.`.trim();
    $('.where', bar).replaceChildren(...where.map(text => Object.assign(document.createElement('span'), { textContent: `${text} ` })));
    $('.reason', bar).textContent = $('.reason', bar).title = reason;
    for (const button of $$('[data-press]', bar)) {
      button.hidden = !actOf(cell, button.dataset.press);
      const key = button.dataset.key, shown = key && $('kbd', button);
      if (shown) shown.textContent = (letters ? 'Alt ' : '') + key.toUpperCase();
    }
    for (const place of $$('[data-fix]', bar)) place.textContent = cell.dataset.fix || '';
    bar.classList.toggle('long', reason.length > 170);
    bar.classList.add('on');
    return `${label}: ${typing?.textOf(cell) || 'trống'}. ${reason}`;
  }

  /** A number that was shown is covered again as soon as one goes on. */
  function coverNumber() {
    if (here.masked) $('.masked', here.masked.cell)?.replaceWith(here.masked.shown);
    here.masked = null;
  }

  function stand(cell) {
    if (typing?.isOpen() && typing.cell() !== cell && !leaveTyping()) return;
    if (here.masked && here.masked.cell !== cell) coverNumber();
    here.row = cell.parentNode.id;
    here.index = cell.cellIndex;
    const said = explain(cell);
    if (typing && !touch) {
      typing.standIn(cell, said);
      cell.tabIndex = -1;
    }
    remember();
  }

  /* the place is kept while one looks at a person, or loads the page again */
  const PLACE = `review ${window.location.pathname}${window.location.search}`;
  const remember = () => { try { sessionStorage.setItem(PLACE, JSON.stringify([here.row, here.index])); } catch { /* no storage */ } };
  function returnToPlace() {
    let place = [];
    try { place = JSON.parse(sessionStorage.getItem(PLACE)) ?? []; } catch { /* no storage */ }
    const kept = document.getElementById(place[0])?.cells[place[1]];
    if (!touch && typing && !$('#notices .error')) go(isStop(kept) ? kept : $('td[tabindex="0"]', grid));
  }

  document.addEventListener('focusin', event => {
    if (isStop(event.target)) stand(event.target);
    else if (!grid.contains(event.target)) coverNumber();
  });

  function inCell(event, cell) {
    const key = event.key, plain = !event.ctrlKey && !event.metaKey && !event.altKey, letter = key.toLowerCase();
    const to = plain && neighbour(cell, key);
    if (to) go(to);
    else if (key === 'Tab' && plain) { if (!go(beside(cell, event.shiftKey ? -1 : 1))) return leaveGrid(); }
    else if (key === 'Enter' && plain) use(cell);
    else if (key === 'F2') openEditor(cell);
    else if (key === ' ' && plain) $('.sel input', cell.parentNode)?.click();
    else if (key === 'Escape') escape();
    else if (key === '/' && plain) $('input[type=search]')?.focus();
    else if ((event.ctrlKey || event.metaKey) && letter === 'z') press('ctrl+z', document.body);
    else if ((event.ctrlKey || event.metaKey) && letter === 'd') fillDown(cell);
    else if (event.altKey && /^[a-z]$/.test(letter)) { if (!pressInBar(letter)) return; }
    else if (plain && /^page(up|down)$/.test(letter)) press(letter, document.body);
    else if (plain && /^[a-z]$/.test(letter) && !takesLetters(cell)) pressInBar(letter);
    else return;
    event.preventDefault();
  }

  function pressInBar(letter) {
    const button = $$('[data-press][data-key]', bar).find(node => node.dataset.key === letter && !node.hidden);
    button?.click();
    return Boolean(button);
  }

  function escape() {
    bar?.classList.remove('on');
    leaveGrid();
    $('#after-grid')?.focus();
  }

  /** The grid is one stop for the Tab key: the cell one left. */
  function leaveGrid() {
    typing?.park();
    const cell = cellHere();
    if (cell) cell.tabIndex = 0;
  }

  /** Takes the suggestion, and goes on at once; where there is none, just goes on. */
  function use(cell) {
    const button = actOf(cell, 'use'), next = nextMarked(cell);
    if (button) button.click();
    if (next) go(next);
  }

  document.addEventListener('keydown', event => {
    if (composing(event)) return;
    const cell = event.target instanceof Element && event.target.closest('.grid tbody td');
    if (isStop(event.target) || (cell && typing?.isField(event.target) && !typing.isOpen())) inCell(event, cell);
    else if (cell && typing?.isOpen() && typing.holds(event.target)) whileTyping(event, cell);
    else if (cell && event.key === 'Escape' && cell.matches('.editing')) {
      event.preventDefault();
      $('.close', cell)?.click();
    }
  }, true);

  document.addEventListener('click', event => {
    const button = event.target.closest?.('#why [data-press]'), cell = cellHere();
    if (button && cell) {
      if (button.dataset.press === 'edit') openEditor(cell);
      else if (button.dataset.press === 'use') use(cell);
      else actOf(cell, button.dataset.press)?.click();
    }
    if (event.target.closest?.('#why [data-close]')) bar.classList.remove('on');
  });
  grid.addEventListener('dblclick', event => {
    const cell = event.target.closest('td[tabindex]');
    if (cell && !typing?.isOpen()) openEditor(cell);
  });

  /* 2. Typing in the cell --------------------------------------------------- */
  /** What the page shows can be edited here; a number or a field without a column is asked of the server first. */
  function openEditor(cell) {
    const link = actOf(cell, 'edit');
    if (!link) return;
    if (typing && !touch && typing.knows(cell)) {
      if (typing.cell() !== cell) go(cell);
      typing.open(typing.textOf(cell));
    } else link.click();
  }

  /** Ctrl+D: as in the row above; only where the law asks for no paper. */
  function fillDown(cell) {
    const above = neighbour(cell, 'ArrowUp'), head = grid.tHead.rows[0].cells[cell.cellIndex];
    if (!above || !typing?.knows(cell) || head.dataset.kind === 'number' || head.dataset.legal !== undefined) return;
    typing.open(typing.textOf(above));
    if (save()) go(neighbour(cell, 'ArrowDown') ?? cell);
  }

  function whileTyping(event, cell) {
    if (event.key === 'Escape') {
      typing.close();
      go(cell);
    } else if (event.key === 'Enter' && !event.target.matches('button')) {
      if (!save()) return event.preventDefault();
      go(neighbour(cell, 'ArrowDown') ?? cell);
    } else if (event.key === 'Tab' && typing.leavesWithTab(event)) {
      if (!save()) return event.preventDefault();
      go(beside(cell, event.shiftKey ? -1 : 1) ?? cell);
    } else return;
    event.preventDefault();
  }

  /** Someone clicks elsewhere: what was typed is saved, or asks for its paper. */
  const leaveTyping = () => save();

  if (typing) {
    typing.onSave(() => { const cell = typing.cell(); if (save()) go(neighbour(cell, 'ArrowDown') ?? cell); });
    typing.onLeave(() => { const cell = typing.cell(); typing.close(); go(cell); });
  }

  /* 3. Saving ---------------------------------------------------------------- */
  /* One after the other, so that each is sent against the version the one before left. What could not be sent waits. */
  const waiting = [];
  let sending = false;
  /** kept.js keeps it on the device until the server has it, should the tab be closed before. */
  const onDevice = (name, { url, row, data }) => document.dispatchEvent(new CustomEvent(name, {
    detail: { url, data: { version: document.getElementById(row).dataset.version, ...Object.fromEntries(data) } } }));

  /** Queues what was typed and closes the field; false where a paper has yet to be named. */
  function save() {
    const cell = typing.cell(), typed = typing.take();
    if (!typed) return false;
    if (typed.same) return true;
    cell.classList.remove('none', 'error', 'warning', 'done');
    cell.classList.add('unsaved');
    typing.showText(cell, typed.data.get('value'));
    waiting.push({ url: actOf(cell, 'edit').href, row: cell.parentNode.id, index: cell.cellIndex, data: typed.data });
    onDevice('kept:typed', waiting.at(-1));
    send();
    return true;
  }

  async function send() {
    if (sending || !waiting.length) return;
    sending = true;
    const [task] = waiting, row = document.getElementById(task.row);
    task.data.set('version', row.dataset.version);
    try {
      const answer = await fetch(task.url, {
        method: 'POST', body: task.data, headers: { 'HX-Request': 'true', 'X-CSRFToken': token() },
      });
      const text = await answer.text();
      const isPage = /^\s*<!doctype/i.test(text);
      if (isPage || !(answer.ok || answer.status === 422)) throw new Error(isPage || answer.status === 403 ? 'session' : 'server');
      waiting.shift();
      if (answer.ok) onDevice('kept:saved', task);
      place(text);
      if (answer.status === 422) focusEditor(task);
      sending = false;
      sayWaiting();
      send();
    } catch (error) {
      sending = false;
      sayWaiting(error.message);
      if (error instanceof TypeError) setTimeout(send, 8000);
    }
  }

  const WHY = {
    session: 'phiên làm việc đã hết. Đăng nhập lại ở thẻ khác của trình duyệt, rồi bấm Gửi lại ở đây',
    server: 'máy chủ gặp lỗi. Bấm Gửi lại; nếu vẫn thế thì báo Phòng LĐ-TB&XH huyện',
  };
  function sayWaiting(why) {
    if (!why || !waiting.length) {
      if ($('#notices .again')) $('#notices').replaceChildren();
      return;
    }
    notice(`${waiting.length} ô chưa lưu: ${WHY[why] ?? 'mất mạng, hoặc máy chủ không trả lời. Sẽ tự gửi lại'}. Chữ đã gõ còn nguyên, đừng đóng trang này.`);
    const again = Object.assign(document.createElement('button'), { className: 'btn again', type: 'button', textContent: 'Gửi lại' });
    again.addEventListener('click', async () => { await freshToken(); send(); });
    $('#notices .box').append(again);
  }

  let freshly = '';
  const token = () => freshly || $('#cell-acts [name=csrfmiddlewaretoken]').value;
  /** After signing in again the page's own token no longer counts. */
  async function freshToken() {
    try {
      const page = new DOMParser().parseFromString(await (await fetch(window.location.href)).text(), 'text/html');
      freshly = $('#cell-acts [name=csrfmiddlewaretoken]', page)?.value ?? freshly;
    } catch { /* still no network */ }
  }
  window.addEventListener('online', send);
  window.addEventListener('beforeunload', event => { if (waiting.length || typing?.isOpen()) event.preventDefault(); });

  /* 4. Answers put in place --------------------------------------------------- */
  /** Rows as the server now has them, and what it says beside them. The cell in which one types keeps its field. */
  function place(html) {
    const parts = Object.assign(document.createElement('template'), { innerHTML: html }).content;
    for (const row of $$('tr[id]', parts)) placeRow(document.getElementById(row.id), row);
    for (const part of $$('template', parts)) {
      for (const id of ['notices', 'undo']) {
        const fresh = $(`#${id}`, part.content);
        if (fresh) { document.getElementById(id).replaceWith(fresh); window.htmx?.process(fresh); }
      }
    }
  }

  function placeRow(row, fresh) {
    if (!row) return;
    const back = row.contains(document.activeElement) && !typing?.isField(document.activeElement);
    const cells = [...fresh.cells];
    row.dataset.version = fresh.dataset.version;
    cells.forEach((cell, index) => {
      const old = row.cells[index];
      if (index < 2 || !old) return;
      const pending = waiting.some(task => task.row === row.id && task.index === index);
      if (pending) return;
      if (typing?.cell() === old && !cell.matches('.editing')) {
        for (const name of ['class', 'data-why', 'data-from', 'data-fix', 'data-value']) {
          if (cell.hasAttribute(name)) old.setAttribute(name, cell.getAttribute(name)); else old.removeAttribute(name);
        }
        typing.keepWhile(old, [...cell.childNodes]);
      } else {
        if (typing?.cell() === old) typing.park();
        old.replaceWith(cell);
      }
    });
    stopOnce(row);
    window.htmx?.process(row);
    const cell = cellHere(), editor = $('td.editing', row);
    if (editor) focusEditor({ row: row.id, index: editor.cellIndex });
    else if (back || document.activeElement === document.body) go(nextAfter === 'marked' ? nextMarked(cell) ?? cell : cell);
    else if (cell && cell.parentNode === row && typing?.cell() === cell && !typing.isOpen()) typing.say(explain(cell));
    if (!editor) nextAfter = '';
  }

  function focusEditor({ row, index }) {
    const cell = document.getElementById(row)?.cells[index];
    $('input:not([type=hidden]), select', cell)?.focus();
    here.row = row;
    here.index = index;
  }

  let nextAfter = '';
  grid.addEventListener('submit', event => { if (event.target.closest('td.editing')) nextAfter = 'marked'; });
  document.addEventListener('htmx:beforeSwap', event => {
    const { xhr, target } = event.detail;
    if (!event.detail.shouldSwap && xhr.status !== 422) return;
    if (/^\s*<(tr|template)/.test(xhr.responseText)) {
      event.detail.shouldSwap = false;
      place(xhr.responseText);
    } else if (target.matches('.grid .masked')) {
      here.masked = { cell: target.closest('td'), shown: target.cloneNode(true) };
    }
  });

  /* 5. Chosen rows ------------------------------------------------------------- */
  /* One box chooses the page, Shift a stretch; [data-count] shows how many. */
  let lastBox;
  function count() {
    const chosen = $$('tbody .sel input:checked', grid).length;
    for (const place of $$('[data-count]')) place.textContent = chosen;
    for (const part of $$('[data-when-chosen]')) part.hidden = !chosen;
  }
  grid.addEventListener('click', event => {
    const box = event.target;
    if (!(box instanceof HTMLInputElement) || box.type !== 'checkbox') return;
    const boxes = $$('tbody .sel input', grid);
    if (box.closest('thead')) for (const other of boxes) other.checked = box.checked;
    else if (event.shiftKey && lastBox) {
      const [from, to] = [boxes.indexOf(lastBox), boxes.indexOf(box)].sort((a, b) => a - b);
      for (const other of boxes.slice(from, to + 1)) other.checked = box.checked;
    }
    lastBox = box;
    count();
  });
  window.addEventListener('pageshow', count);
  returnToPlace();
})();
