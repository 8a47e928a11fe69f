/* What makes the pages quick. Without it they are plain links and forms, and do the same.
   Keys are never taken while an input method is composing (Unikey, IBus): see composing().
   1 keys on buttons · 2 answering · 3 files · 4 forms and the network. The review grid is in review.js. */
(() => {
  'use strict';
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const composing = event => event.isComposing || event.keyCode === 229;
  const typing = node => node.matches('input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]');
  const visible = node => node.getClientRects().length > 0;
  const sign = (level, text) => Object.assign(document.createElement('span'), { className: `sig ${level}`, textContent: text });

  /* On a phone the bar is wider than the screen: the page one is on comes into sight. */
  const tab = $('.top nav [aria-current]');
  if (tab) tab.parentNode.scrollLeft = tab.offsetLeft - tab.parentNode.offsetLeft - (tab.parentNode.clientWidth - tab.offsetWidth) / 2;

  /* 1. Keys on buttons: data-key="h", "arrowleft", "pagedown", "ctrl+z" ---- */
  /* The row one stands on comes first ([data-keys]); rows within [data-walk] are walked with ↑ and ↓. */
  function keyName(event) {
    return (event.ctrlKey || event.metaKey ? 'ctrl+' : '') + event.key.toLowerCase();
  }

  function press(name, from) {
    const scopes = [from.closest('[data-keys]'), document].filter(Boolean);
    for (const scope of scopes) {
      const button = $$(`[data-key="${CSS.escape(name)}"]`, scope).find(
        node => visible(node) && !node.disabled && (scope !== document || !node.closest('[data-keys]')));
      if (button) { button.click(); return true; }
    }
    return false;
  }

  function walk(event, row) {
    const rows = $$('[data-keys][tabindex]', row.closest('[data-walk]'));
    const next = rows[rows.indexOf(row) + (event.key === 'ArrowDown' ? 1 : -1)];
    if (next) next.focus();
    return Boolean(next);
  }

  document.addEventListener('keydown', event => {
    if (event.defaultPrevented || composing(event) || event.altKey) return;
    const at = event.target;
    if (!(at instanceof Element) || typing(at)) return;
    if (event.key === '/') {
      const box = $('input[type=search]');
      if (box) { event.preventDefault(); box.focus(); }
    } else if (/^Arrow(Up|Down)$/.test(event.key) && at.closest('[data-walk] [data-keys]')) {
      if (walk(event, at.closest('[data-keys]'))) event.preventDefault();
    } else if (event.key !== 'Enter' && event.key !== ' ' && press(keyName(event), at)) event.preventDefault();
  });

  /* 2. Answering ---------------------------------------------------------- */
  /* form[data-desk]: #number, radios "code" with data-pad; digits and Enter are C, Enter alone on a number on file is K. */
  const desk = $('form[data-desk]'), number = desk && $('.bignum', desk);
  const digitsOf = text => text.replace(/\D/g, '').slice(0, 12);

  function readBack(digits, { sex, year, province, provinceName }) {
    const said = [], fourth = Number(digits[3]);
    const century = 1900 + 100 * Math.floor(fourth / 2), born = century + Number(digits.slice(4, 6)), reads = fourth % 2 ? 'nữ' : 'nam';
    const against = (ok, known, text, other) => !known ? ['notice', text] : ok ? ['success', `${text}, khớp`] : ['error', `${text}, danh sách ghi ${other}`];
    if (digits.length > 2) said.push(digits.startsWith(province) ? ['success', `${province} ${provinceName}`] : ['warning', `${digits.slice(0, 3)}: không phải ${provinceName}, xem lại`]);
    if (digits.length > 3) said.push(against(reads === sex, sex, `${fourth}: ${reads}, sinh ${century}–${century + 99}`, sex));
    if (digits.length > 5) said.push(against(String(born) === year, year, `${digits.slice(4, 6)}: năm ${born}`, year));
    if (digits.length) said.push(digits.length < 12 ? ['waiting', `còn ${12 - digits.length} chữ số`] : ['success', 'đủ 12 chữ số']);
    return said;
  }

  function choose(match) {
    const radio = $$('input[name=code]:not(:disabled)', desk).find(match);
    if (!radio) return;
    radio.checked = true;
    showFields();
  }

  /* What a code asks for: [data-code="S X"] shows for those codes only. */
  function showFields() {
    const code = $('input[name=code]:checked', desk)?.value ?? '';
    for (const part of $$('[data-code]', desk)) part.hidden = !part.dataset.code.split(' ').includes(code);
  }

  function formatNumber() {
    const before = digitsOf(number.value.slice(0, number.selectionStart)).length, digits = digitsOf(number.value);
    number.value = [digits.slice(0, 3), digits.slice(3, 4), digits.slice(4, 6), digits.slice(6)].filter(Boolean).join(' ');
    let at = 0;
    for (let seen = 0; at < number.value.length && seen < before; at++) if (/\d/.test(number.value[at])) seen++;
    number.setSelectionRange(at, at);
    $('.read', desk).replaceChildren(...readBack(digits, number.dataset).map(([level, text]) => sign(level, text)));
    const code = $('input[name=code]:checked', desk);
    if (digits && !code) choose(radio => radio.value === 'C');
    else if (!digits && code?.value === 'C') { code.checked = false; showFields(); }
  }

  let star = false;
  function inNumber(event) {
    const key = event.key === ',' ? '.' : event.key;
    if (key === '*') star = true;
    else if (star && /^[\d.]$/.test(key)) { star = false; choose(radio => radio.dataset.pad === key); }
    else if (/^[a-z]$/i.test(key) && !event.ctrlKey && !event.metaKey && !event.altKey) choose(radio => radio.value === key.toUpperCase());
    else if (key === '+' || key === '-') press(key, number);
    else if (key === 'Enter') {
      if (!$('input[name=code]:checked', desk)) choose(radio => radio.value === (number.value ? 'C' : 'K'));
      return;
    } else { star = false; return; }
    event.preventDefault();
  }

  if (number) {
    number.addEventListener('input', event => { if (!event.isComposing) formatNumber(); });
    number.addEventListener('keydown', event => { if (!composing(event)) inNumber(event); });
    desk.addEventListener('change', showFields);
    showFields();
    if (number.value) formatNumber();
  }

  /* 3. Files -------------------------------------------------------------- */
  function showFile(zone) {
    const file = $('input', zone).files[0], limit = Number(zone.dataset.maxMb || 0), size = file && file.size / 2 ** 20;
    if (!file) return;
    const text = `${file.name}, ${size.toLocaleString('vi', { maximumFractionDigits: 1 })} MB`;
    $('[data-file]', zone).replaceChildren(limit && size > limit
      ? sign('error', `${text}: quá ${limit} MB. Chọn tệp nhỏ hơn, hoặc lưu lại chỉ trang tính cần dùng.`) : sign('success', text));
  }
  document.addEventListener('change', event => { const zone = event.target.closest('[data-drop]'); if (zone) showFile(zone); });
  for (const kind of ['dragover', 'dragleave', 'drop']) document.addEventListener(kind, event => {
    const zone = event.target.closest?.('[data-drop]');
    if (!zone) return;
    event.preventDefault();
    zone.classList.toggle('over', kind === 'dragover');
    if (kind === 'drop' && event.dataTransfer.files.length) {
      $('input', zone).files = event.dataTransfer.files;
      showFile(zone);
    }
  });

  /* 4. Forms and the network ---------------------------------------------- */
  /* A form is sent once; one that downloads a file stays on the page and says so with data-again. */
  document.addEventListener('submit', event => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== 'post' || form.dataset.again !== undefined) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = '1';
    for (const button of $$('button', form)) button.setAttribute('aria-busy', 'true');
  });
  window.addEventListener('pageshow', () => {
    for (const form of $$('form[data-sent]')) {
      delete form.dataset.sent;
      for (const button of $$('[aria-busy]', form)) button.removeAttribute('aria-busy');
    }
  });
  /* The clipboard is for secure pages only; on a plain address the text is selected and copied the old way. */
  function copy(button) {
    const field = $(button.dataset.copy), done = () => { button.textContent = 'Đã chép'; };
    const select = () => {
      field.focus();
      field.select();
      if (document.execCommand('copy')) done(); else button.textContent = 'Đã chọn: bấm Ctrl+C';
    };
    if (navigator.clipboard) navigator.clipboard.writeText(field.value).then(done, select); else select();
  }
  document.addEventListener('click', event => {
    const button = event.target.closest?.('[data-copy]');
    if (button) copy(button);
  });

  function notice(text) {
    const box = Object.assign(document.createElement('div'), { className: 'box error' });
    box.append(Object.assign(document.createElement('p'), { textContent: text }));
    $('#notices')?.replaceChildren(box);
  }
  document.addEventListener('htmx:sendError', () => notice('Chưa gửi được: mất mạng, hoặc máy chủ không trả lời. Chữ đã gõ còn nguyên; xem lại mạng rồi bấm lần nữa.'));
  document.addEventListener('htmx:responseError', event => notice(event.detail.xhr.status === 403
    ? 'Chưa lưu: tài khoản này không được làm việc ấy, hoặc đã thoát ở cửa sổ khác. Tải lại trang rồi làm lại.'
    : 'Chưa lưu: máy chủ gặp lỗi. Chữ đã gõ còn nguyên; bấm lần nữa, nếu vẫn thế thì báo Phòng LĐ-TB&XH huyện.'));
  /* A whole page where a part was asked for is the sign-in page: the session has ended. */
  document.addEventListener('htmx:beforeSwap', event => {
    if (!/^\s*<!doctype/i.test(event.detail.xhr.responseText)) return;
    event.detail.shouldSwap = false;
    if ($('form[data-stay]')) notice('Phiên làm việc đã hết. Chữ đã gõ còn nguyên ở đây: mở thẻ khác, đăng nhập lại, rồi quay về thẻ này.');
    else window.location.reload();
  });

  window.bacyen = { $, $$, composing, sign, press, notice };
})();
