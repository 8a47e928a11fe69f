/* The field in which one types over a cell of the grid (see review.js): reads dates and numbers back while they are typed,
   finds a village or an ethnic group by a few letters, asks for the paper where the law wants one.
   1 read back · 2 choices by a few letters · 3 the field */
(() => {
  'use strict';
  const { $, $$, sign } = window.bacyen;

  /* 1. Read back ------------------------------------------------------------ */
  const WEEKDAYS = ['Chủ nhật', 'thứ Hai', 'thứ Ba', 'thứ Tư', 'thứ Năm', 'thứ Sáu', 'thứ Bảy'];

  /** 1/2/15, 1.2.2015, 010215, 01022015 → [day, month, year], all texts; null for anything else. */
  function partsOf(text) {
    const digits = text.trim();
    const found = /^(\d{1,2})\s*[/.\- ]\s*(\d{1,2})\s*[/.\- ]\s*(\d{4}|\d{2})$/.exec(digits)
      ?? /^(\d{2})(\d{2})(\d{4}|\d{2})$/.exec(digits);
    return found && found.slice(1);
  }

  /** What the date says in words, as the server will read it: [level, text]. */
  function readDate(text, { firstDay, century }) {
    if (!text.trim()) return ['notice', 'để trống: chưa rõ ngày sinh'];
    if (/^(0?[1-9]|1[0-2])[/.\- ](19|20)\d\d$|^(19|20)\d\d$/.test(text.trim())) return ['warning', 'chưa đủ ngày, tháng, năm'];
    const parts = partsOf(text);
    if (!parts) return ['waiting', 'gõ ngày/tháng/năm, ví dụ 1/2/15 hoặc 01022015'];
    let [day, month, year] = parts.map(Number);
    if (parts[2].length === 2) {
      if (2000 + year > Number(firstDay.slice(0, 4))) year += 1900;
      else if (century === 'clear') year += 2000;
      else return ['warning', `năm ${1900 + year} hay ${2000 + year}? Gõ đủ bốn chữ số`];
    }
    if (month < 1 || month > 12) return ['error', `không có tháng ${month}`];
    const days = new Date(year, month, 0).getDate();
    if (day < 1 || day > days) return ['error', `tháng ${month}/${year} có ${days} ngày`];
    const born = new Date(year, month - 1, day), [fy, fm, fd] = firstDay.split('-').map(Number);
    const age = fy - year - (fm < month || (fm === month && fd < day) ? 1 : 0);
    const said = `${WEEKDAYS[born.getDay()]}, ngày ${day} tháng ${month} năm ${year}`;
    if (born > new Date()) return ['error', `${said}: ngày chưa tới`];
    return ['success', age >= 0 ? `${said}, ${age} tuổi khi bắt đầu đợt` : `${said}, sinh trong đợt`];
  }

  function readNumber(text, sex, birth) {
    const digits = text.replace(/[\s.\-]/g, '');
    if (!digits) return ['notice', 'để trống: chưa có số'];
    if (/\D/.test(digits)) return ['error', 'số định danh chỉ có chữ số'];
    if (digits.length < 12) return ['waiting', `đã gõ ${digits.length}, còn ${12 - digits.length} chữ số`];
    if (digits.length > 12) return ['error', `${digits.length} chữ số, thừa ${digits.length - 12}`];
    const fourth = Number(digits[3]), year = 1900 + 100 * Math.floor(fourth / 2) + Number(digits.slice(4, 6));
    const reads = fourth % 2 ? 'Nữ' : 'Nam', against = [];
    if (sex && sex !== reads) against.push(`dòng này ghi ${sex}`);
    if (/\d{4}$/.test(birth) && !birth.endsWith(String(year))) against.push(`dòng này ghi sinh ${birth.slice(-4)}`);
    return [against.length ? 'error' : 'success', [`đủ 12 chữ số: ${reads}, sinh năm ${year}`, ...against].join('; ')];
  }

  /* 2. Choices by a few letters ---------------------------------------------- */
  const fold = text => text.normalize('NFD').replace(/\p{Mn}/gu, '').replace(/[đĐ]/g, 'd').toLowerCase().replace(/[^a-z0-9]+/g, ' ').trim();

  /** Those that begin with the letters come first, then those in which a word does. */
  function found(choices, typed) {
    const wanted = fold(typed);
    if (!wanted) return choices;
    const rank = text => (fold(text).startsWith(wanted) ? 0 : fold(text).split(/\s+/).some(word => word.startsWith(wanted)) ? 1
      : fold(text).includes(` ${wanted}`) ? 2 : 3);
    return choices.filter(text => rank(text) < 3).sort((a, b) => rank(a) - rank(b));
  }

  /* 3. The field --------------------------------------------------------------- */
  window.bacyen.typing = grid => {
    const form = $('#typing'), home = form?.parentNode;
    if (!form) return null;
    const field = $('.value', form), list = $('[role=listbox]', form), read = $('.read', form), papers = $('.paper', form);
    let choices = {}, cell = null, isOpen = false, active = -1, kept = '';
    const headOf = of => grid.tHead.rows[0].cells[of.cellIndex];
    const kindOf = of => headOf(of).dataset.kind;
    const needsPaper = () => headOf(cell).dataset.legal !== undefined;
    const besides = (of, kind) => textOf([...of.parentNode.cells].find(one => kindOf(one) === kind) ?? of);
    const options = () => $$('[role=option]', list);

    function textOf(of) {
      if (of.dataset.value !== undefined) return of.dataset.value;
      if (of.matches('.none')) return '';
      const shown = [...of.childNodes].filter(node => node.nodeType === 3 || node.matches('.masked'));
      return shown.map(node => node.textContent).join('').trim();
    }

    function showText(of, text) {
      for (const node of [...of.childNodes]) if (node.nodeType === 3 || node.matches('.masked')) node.remove();
      of.prepend(text);
      if (of.dataset.value !== undefined) of.dataset.value = text;
    }

    fetch(form.dataset.choices).then(answer => answer.json()).then(known => { choices = known; }).catch(() => { /* typed whole */ });

    /* what is typed, said back */
    function sayBack() {
      const kind = kindOf(cell), text = field.value;
      const [level, said] = kind === 'date' ? readDate(text, form.dataset)
        : kind === 'number' ? readNumber(text, besides(cell, 'sex'), besides(cell, 'date')) : ['', ''];
      read.replaceChildren(...(said ? [sign(level, said)] : []));
    }

    function mark(index) {
      active = index;
      options().forEach((option, at) => option.setAttribute('aria-selected', String(at === index)));
      const option = options()[index];
      if (option) { field.setAttribute('aria-activedescendant', option.id); option.scrollIntoView({ block: 'nearest' }); }
      else field.removeAttribute('aria-activedescendant');
    }

    function showChoices(wanted) {
      const known = choices[kindOf(cell)] ?? [], some = wanted === null ? [] : found(known, wanted).slice(0, 8);
      list.replaceChildren(...some.map((text, at) => {
        const option = Object.assign(document.createElement('li'), { id: `typing-${at}`, textContent: text });
        option.setAttribute('role', 'option');
        return option;
      }));
      list.hidden = !some.length;
      if (field.hasAttribute('role')) field.setAttribute('aria-expanded', String(!list.hidden));
      mark(wanted && some.length ? 0 : -1);
    }

    function open(text) {
      kept = textOf(cell);
      isOpen = true;
      cell.classList.add('typing-here');
      form.classList.add('open');
      papers.hidden = !needsPaper();
      if (text !== null) field.value = text;
      for (const [name, value] of [['role', 'combobox'], ['aria-controls', 'typing-list'], ['aria-autocomplete', 'list']]) {
        if (choices[kindOf(cell)]) field.setAttribute(name, value); else field.removeAttribute(name);
      }
      showChoices(text === null ? field.value : choices[kindOf(cell)]?.length < 9 ? '' : null);
      sayBack();
      field.focus();
      form.scrollIntoView({ block: 'nearest' });
    }

    function close() {
      isOpen = false;
      form.classList.remove('open');
      cell?.classList.remove('typing-here');
      field.value = '';
      field.removeAttribute('role');
      field.removeAttribute('aria-expanded');
      list.hidden = true;
      read.replaceChildren();
    }

    const canType = of => Boolean(of && kindOf(of) && $('.acts > .edit', of));

    function begin() {
      if (isOpen) return;
      if (canType(cell)) open(null);
      else field.value = '';
    }

    field.addEventListener('compositionstart', begin);
    field.addEventListener('input', () => {
      begin();
      if (isOpen) { showChoices(field.value); sayBack(); }
    });
    field.addEventListener('keydown', event => {
      if (!isOpen || event.isComposing || event.keyCode === 229 || list.hidden) return;
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step) mark((active + step + options().length) % options().length);
      else if (event.key === 'Escape' && active >= 0) mark(-1);
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
    list.addEventListener('mousedown', event => {
      const option = event.target.closest('[role=option]');
      event.preventDefault();
      if (option) { field.value = option.textContent; showChoices(null); }
    });
    field.addEventListener('paste', event => {
      const text = event.clipboardData.getData('text'), first = text.split(/[\t\r\n]/).map(one => one.trim()).find(Boolean) ?? '';
      if (!/[\t\r\n]/.test(text.trim())) return;
      event.preventDefault();
      begin();
      if (!isOpen) return;
      field.setRangeText(first, field.selectionStart, field.selectionEnd, 'end');
      showChoices(field.value);
      sayBack();
      read.append(sign('warning', 'đã chép nhiều ô: chỉ nhận ô đầu tiên'));
    });

    return {
      textOf, showText, open, close,
      cell: () => cell,
      isOpen: () => isOpen,
      isField: node => node === field,
      holds: node => form.contains(node),
      /** Whether the whole value is on the page; a number is covered. */
      knows: of => canType(of) && (kindOf(of) !== 'number' || !textOf(of)),
      say: text => field.setAttribute('aria-label', text),
      standIn(of, said) {
        if (isOpen) return;
        cell = of;
        if (form.parentNode !== of) of.append(form);
        field.setAttribute('aria-label', said);
        field.value = '';
        field.tabIndex = 0;
        field.focus({ preventScroll: true });
      },
      /** Out of the grid: the field goes home, the cell is the stop again. */
      park() {
        if (isOpen) close();
        cell = null;
        field.tabIndex = -1;
        home.append(form);
      },
      /** New content around the field, which stays where it is. */
      keepWhile(of, nodes) {
        for (const node of [...of.childNodes]) if (node !== form) node.remove();
        form.before(...nodes);
        of.classList.toggle('typing-here', isOpen);
        if (isOpen) kept = textOf(of);
      },
      leavesWithTab: event => (event.target === field ? !needsPaper() || event.shiftKey
        : event.target.matches('[data-leave]') && !event.shiftKey),
      /** What was typed, and closes the field. null: the paper has yet to be named. */
      take() {
        if (!isOpen) return { same: true };
        if (active >= 0) field.value = options()[active].textContent;
        const text = field.value.trim(), data = new FormData(form);
        if (text === kept) { close(); return { same: true }; }
        if (needsPaper() && !data.get('paper') && !data.get('more')?.trim()) {
          read.replaceChildren(sign('warning', 'chọn giấy tờ đã xem'));
          $('select', papers).focus();
          return null;
        }
        data.set('value', text);
        if (!needsPaper()) { data.delete('paper'); data.delete('more'); }
        close();
        return { data };
      },
      onSave: act => form.addEventListener('submit', event => { event.preventDefault(); event.stopPropagation(); act(); }),
      onLeave: act => $('[data-leave]', form).addEventListener('click', act),
    };
  };
})();
