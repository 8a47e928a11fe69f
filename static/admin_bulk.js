/* “Chọn tất cả” over the columns of a bulk export. */
(() => {
  'use strict';
  const all = document.querySelector('[data-all-columns]');
  if (!all) return;
  const boxes = [...document.querySelectorAll('.bulk .columns input[type=checkbox]')];
  all.addEventListener('change', () => boxes.forEach(box => { box.checked = all.checked; }));
  document.querySelector('.bulk .columns').addEventListener('change', () => {
    all.checked = boxes.every(box => box.checked);
    all.indeterminate = !all.checked && boxes.some(box => box.checked);
  });
})();
