/* What was typed stays on this device until the server has it. Kept: the address of the cell (row code and field), the
   typed value, its paper and the version it was typed against; no name. Bound to the account, for seven days at most.
   How a page takes part (docs/pages.md): a form marked data-kept, or the events kept:typed and kept:saved. */
(() => {
  'use strict';
  const account = document.body.dataset.account;
  const STORE = 'kept-cells', DAYS = 7, RETRY = 15000;
  const { $ } = window.bacyen;
  const make = (tag, properties) => Object.assign(document.createElement(tag), properties);

  /* 1. The store: [{account, url, data, at, done}] ---------------------------- */
  /** Of every account, without what is too old. A browser that keeps nothing (private window, full disk) is no fault. */
  function all() {
    try {
      const oldest = Date.now() - DAYS * 86400000;
      return JSON.parse(localStorage.getItem(STORE) ?? '[]').filter(one => one.at > oldest);
    } catch { return []; }
  }
  function write(entries) {
    try {
      if (entries.length) localStorage.setItem(STORE, JSON.stringify(entries));
      else localStorage.removeItem(STORE);
      return true;
    } catch { return false; }
  }
  write(all());
  if (!account) return;

  const mine = () => all().filter(one => one.account === account);
  const find = url => mine().find(one => one.url === url);
  const drop = url => write(all().filter(one => one.account !== account || one.url !== url));
  /** `ready`: the person pressed save; else the text is half typed and waits for its form. */
  function keep(url, data, ready) {
    const others = all().filter(one => one.account !== account || one.url !== url);
    return write([...others, { account, url, data, at: Date.now(), ready }]);
  }
  const pathOf = address => new URL(address, window.location.href).pathname;

  /* 2. What waits is said -------------------------------------------------------- */
  const held = new Set();  // cells that the page itself is sending
  const asked = new Map();  // cell → why a person must look at it
  const bar = make('div', { className: 'box warning no-print', id: 'kept', hidden: true });
  bar.setAttribute('role', 'status');
  const codeOf = url => url.split('/').filter(Boolean)[1] ?? '';

  function say(text = '') {
    const waiting = mine().filter(one => !held.has(one.url));
    bar.hidden = !waiting.length && !text;
    bar.replaceChildren();
    if (bar.hidden) return;
    const ready = waiting.filter(one => one.ready), half = waiting.filter(one => !one.ready);
    if (text) bar.append(make('p', { textContent: text }));
    if (ready.length) bar.append(make('p', { textContent: `${ready.length} ô đã gõ còn giữ trên máy này, chưa tới máy chủ. Có mạng thì tự gửi; tắt máy cũng không mất, trong ${DAYS} ngày.` }));
    if (half.length) bar.append(make('p', { textContent: `${half.length} ô gõ dở, còn giữ trên máy này.` }));
    for (const one of waiting.filter(one => !one.ready || asked.has(one.url)).slice(0, 5)) {
      const line = make('p', { className: 'small' });
      line.append(`Mã dòng ${codeOf(one.url)}: ${asked.get(one.url) ?? 'gõ dở'}. `,
        make('a', { href: one.url, textContent: 'Mở ô này' }), ' · ',
        make('button', { className: 'btn quiet', type: 'button', textContent: 'Bỏ chữ đã gõ', onclick: () => { drop(one.url); asked.delete(one.url); say(); } }));
      bar.append(line);
    }
    if (ready.length) bar.append(make('button', { className: 'btn', type: 'button', textContent: 'Gửi ngay', onclick: () => send() }));
  }
  $('#main').prepend(bar);

  /* 3. Sending ------------------------------------------------------------------- */
  const token = () => JSON.parse(document.body.getAttribute('hx-headers') ?? '{}')['X-CSRFToken'] ?? '';
  const isSignIn = answer => answer.redirected && pathOf(answer.url) === document.body.dataset.signIn;

  /** Sends one cell. True when the server has it; else says why not, and the cell stays. */
  async function post(one) {
    const body = new FormData();
    for (const [key, value] of Object.entries(one.data)) body.set(key, value);
    const answer = await fetch(one.url, { method: 'POST', body, headers: { 'HX-Request': 'true', 'X-CSRFToken': token() } });
    if (isSignIn(answer)) throw new Error('Phiên làm việc đã hết. Đăng nhập lại thì chữ đã gõ được gửi tiếp.');
    if (answer.ok) return answer;
    if (answer.status === 422) asked.set(one.url, 'máy chủ hỏi thêm (giấy tờ, hoặc người khác vừa sửa ô này)');
    else if (answer.status === 404) asked.set(one.url, 'hồ sơ này không còn thuộc nơi ông, bà phụ trách');
    else if (answer.status === 403) throw new Error('Chưa gửi được: hãy tải lại trang này rồi bấm Gửi ngay.');
    else throw new Error('Máy chủ gặp lỗi. Chữ đã gõ còn giữ trên máy này, sẽ gửi lại.');
    return null;
  }

  /** Saved a moment ago by its own form: sent once more only to be sure, which changes nothing. */
  const isFresh = one => Date.now() - one.at < 20000 && document.referrer && pathOf(document.referrer) === one.url;

  let sending = false;
  async function send() {
    if (sending) return;
    sending = true;
    let text = '', done = 0;
    try {
      for (const one of mine()) {
        if (!one.ready || held.has(one.url) || asked.has(one.url)) continue;
        if (await post(one)) {
          drop(one.url);
          done += isFresh(one) ? 0 : 1;
        }
      }
    } catch (error) {
      text = error instanceof TypeError ? '' : error.message;  // no network: the line below says enough
      setTimeout(send, RETRY);
    }
    sending = false;
    say(text || (done ? `Đã gửi ${done} ô gõ lúc trước.` : ''));
  }
  window.addEventListener('online', () => send());

  /* 4. Forms marked data-kept: one cell each ---------------------------------------- */
  /* Half typed text is kept at every key; on saving, the page stays until the server has answered. */
  const KEYS = ['value', 'paper', 'more', 'version'];
  function typedIn(form) {
    const data = {};
    for (const key of KEYS) if (form.elements[key]) data[key] = form.elements[key].value;
    return data;
  }
  function restore(form) {
    const one = find(pathOf(form.action));
    if (!one || form.elements.value.value === one.data.value) return;
    for (const key of ['value', 'paper', 'more']) if (form.elements[key] && one.data[key]) form.elements[key].value = one.data[key];
    const when = new Date(one.at).toLocaleString('vi-VN', { hour: '2-digit', minute: '2-digit', day: '2-digit', month: '2-digit' });
    form.prepend(make('p', { className: 'sig notice', textContent: `Chữ gõ lúc ${when}, giữ trên máy này, chưa lưu.` }));
  }
  for (const form of document.querySelectorAll('form[data-kept]')) {
    restore(form);
    form.addEventListener('input', () => keep(pathOf(form.action), typedIn(form), false));
    form.addEventListener('submit', async event => {
      event.preventDefault();
      event.stopPropagation();
      const url = pathOf(form.action);
      keep(url, typedIn(form), true);
      held.add(url);
      try {
        const body = new FormData(form);
        const answer = await fetch(form.action, { method: 'POST', body, redirect: 'manual', headers: { 'X-CSRFToken': token() } });
        if (answer.type === 'opaqueredirect') {
          window.location.assign(form.elements.next?.value || '/');  // saved, or to the sign-in page: asked again there
        } else {
          keep(url, typedIn(form), false);
          form.submit();  // the server's own page says what is missing
        }
      } catch {
        held.delete(url);
        say('Chưa có mạng. Chữ đã gõ được giữ trên máy này và tự gửi khi có mạng; có thể đi tiếp, hoặc tắt máy.');
        setTimeout(send, RETRY);
      }
    }, true);
  }

  /* 5. Pages that send by themselves (the review grid) ------------------------------- */
  document.addEventListener('kept:typed', event => {
    const url = pathOf(event.detail.url);
    held.add(url);
    const data = Object.fromEntries(KEYS.filter(key => key in event.detail.data).map(key => [key, event.detail.data[key]]));
    keep(url, data, true);
  });
  document.addEventListener('kept:saved', event => {
    const url = pathOf(event.detail.url);
    held.delete(url);
    drop(url);
  });

  document.addEventListener('htmx:afterRequest', event => {
    if (event.detail.successful && event.detail.requestConfig?.verb === 'post') drop(pathOf(event.detail.requestConfig.path));
  });

  /* 6. Signing out erases, after a warning -------------------------------------------- */
  for (const form of document.querySelectorAll('form[data-signs-out]')) {
    form.addEventListener('submit', event => {
      const count = mine().length;
      if (!count || form.dataset.warned) {
        write(all().filter(one => one.account !== account));
        return;
      }
      event.preventDefault();
      event.stopPropagation();
      form.dataset.warned = 'yes';
      bar.scrollIntoView();
      say(`Còn ${count} ô chưa tới máy chủ. Thoát bây giờ thì chữ đã gõ ở những ô ấy bị xóa khỏi máy này. Bấm Thoát lần nữa để xóa và thoát.`);
    }, true);
  }

  document.addEventListener('click', event => {
    const link = event.target.closest?.('[data-kept-drop]');
    const form = link?.closest('form');
    if (form) drop(pathOf(form.action));
  });

  if (!mine().every(isFresh)) say();
  if (mine().some(one => one.ready)) send();
})();
