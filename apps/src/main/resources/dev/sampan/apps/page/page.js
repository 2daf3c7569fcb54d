// What the page does by itself: it shows what changes, draws charts, follows the log, takes files
// that are dropped, and asks before something is done that cannot be undone. Without it the page
// can be used, too, but stands still.
'use strict';

const token = document.documentElement.dataset.token;
const SVG = 'http://www.w3.org/2000/svg';

/** Asks the host, as this page. */
async function ask(path, options = {}) {
  const headers = { 'Sampan-Page-Token': token, ...options.headers };
  const answer = await fetch(path, { ...options, headers, cache: 'no-store' });
  if (answer.ok) {
    return answer;
  }
  let message = 'The host answers with status ' + answer.status;
  try {
    message = (await answer.json()).error.message;
  } catch {
    // it is no answer of the host itself
  }
  throw Object.assign(new Error(message), { status: answer.status });
}

function notify(text, error, key) {
  const place = document.getElementById('notices');
  for (const old of [...place.children]) {
    if (!key || old.dataset.key === key) {
      old.remove();
    }
  }
  if (text) {
    const notice = document.createElement('p');
    notice.className = 'notice ' + (error ? 'error' : 'done');
    notice.textContent = text;
    if (key) {
      notice.dataset.key = key;
    }
    if (error) {
      notice.setAttribute('role', 'alert');
    }
    place.append(notice);
    notice.scrollIntoView({ block: 'nearest' });
  }
}

// ---- amounts ----

/** At most three digits that count. */
function digits(value) {
  return String(Number(value.toFixed(value >= 100 ? 0 : value >= 10 ? 1 : 2)));
}

function scaled(value, base, units) {
  let unit = 0;
  while (value >= base && unit < units.length - 1) {
    value /= base;
    unit++;
  }
  return digits(value) + units[unit];
}

const UNITS = {
  bytes: value => scaled(value, 1024, [' B', ' KiB', ' MiB', ' GiB', ' TiB']),
  count: value => scaled(value, 1000, ['', ' k', ' M', ' G', ' T']),
  percent: value => digits(Math.round(value * 1000) / 10) + ' %',
  millis: value => (value >= 1000 ? digits(value / 1000) + ' s' : digits(value) + ' ms'),
};

/** The next amount above that is easy to read. */
function ceiling(value, unit) {
  if (!(value > 0)) {
    return unit === 'bytes' ? 65536 : unit === 'percent' ? 0.1 : 1;
  }
  if (unit === 'bytes') {
    return 2 ** Math.ceil(Math.log2(value));
  }
  const power = 10 ** Math.floor(Math.log10(value));
  return power * [1, 2, 4, 5, 10].find(step => step * power >= value * 0.999);
}

// ---- charts ----

function element(name, attributes, text) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) {
    made.setAttribute(key, value);
  }
  if (text !== undefined) {
    made.textContent = text;
  }
  return made;
}

/** The points of a curve; the latest value is at the right edge, whatever is missing at the left. */
function points(values, count, box, max) {
  const step = box.width / Math.max(1, count - 1);
  const first = box.x + box.width - step * (values.length - 1);
  return values.map((value, i) => [
    first + i * step,
    box.y + box.height - (Math.min(value, max) / max) * box.height,
  ]);
}

function path(curve) {
  return 'M' + curve.map(([x, y]) => x.toFixed(1) + ' ' + y.toFixed(1)).join('L');
}

function area(curve, box) {
  const bottom = (box.y + box.height).toFixed(1);
  return path(curve) + `L${curve.at(-1)[0].toFixed(1)} ${bottom}L${curve[0][0].toFixed(1)} ${bottom}Z`;
}

/** A small curve of the last minute, which takes whatever room it is given. */
function spark(svg, values) {
  const box = { x: 0, y: 1, width: 100, height: 28 };
  svg.setAttribute('viewBox', '0 0 100 30');
  svg.setAttribute('preserveAspectRatio', 'none');
  svg.replaceChildren(element('path', { class: 'base', d: 'M0 29L100 29' }));
  if (values.length > 1) {
    const shown = values.slice(-60);
    const curve = points(shown, 60, box, Math.max(...shown) || 1);
    svg.append(
      element('path', { class: 'area', d: area(curve, box) }),
      element('path', { class: 'line', d: path(curve) }));
  }
}

const LENGTHS = { 1: 300, 10: 360 };

class Chart {
  constructor(svg) {
    this.svg = svg;
    this.unit = svg.dataset.unit;
    this.label = svg.getAttribute('aria-label');
    this.reading = svg.parentElement.querySelector('[data-reading]');
    this.at = null;
    svg.addEventListener('pointermove', event => this.point(event));
    svg.addEventListener('pointerleave', () => this.point(null));
    new ResizeObserver(() => this.draw()).observe(svg);
  }

  show(samples) {
    this.samples = samples;
    this.draw();
  }

  point(event) {
    this.at = event ? event.clientX - this.svg.getBoundingClientRect().left : null;
    this.draw();
  }

  draw() {
    if (!this.samples) {
      return;
    }
    const { svg, samples } = this;
    const format = UNITS[this.unit];
    const width = svg.clientWidth;
    const height = svg.clientHeight;
    const values = samples.values[svg.dataset.chart];
    const second = samples.values[svg.dataset.second];
    const count = LENGTHS[samples.step];
    const max = ceiling(Math.max(0, ...values), this.unit);
    const box = { x: 56, y: 8, width: width - 62, height: height - 30 };
    svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
    svg.replaceChildren();
    for (const part of [0, 0.5, 1]) {
      const y = box.y + box.height * (1 - part);
      svg.append(
        element('line', { class: 'grid', x1: box.x, x2: box.x + box.width, y1: y, y2: y }),
        element('text', { x: box.x - 6, y: y + 4, 'text-anchor': 'end' }, format(max * part)));
    }
    const minutes = (count * samples.step) / 60;
    svg.append(
      element('text', { x: box.x, y: height - 6 }, `${minutes} min ago`),
      element('text', { x: box.x + box.width, y: height - 6, 'text-anchor': 'end' }, 'now'));
    if (values.length === 0) {
      return;
    }
    const curve = points(values, count, box, max);
    if (curve.length > 1) {
      svg.append(
        element('path', { class: 'area', d: area(curve, box) }),
        element('path', { class: 'line', d: path(curve) }));
      if (second && second.some(value => value > 0)) {
        svg.append(element('path', { class: 'second', d: path(points(second, count, box, max)) }));
      }
    }
    let index = values.length - 1;
    let when = '';
    if (this.at !== null) {
      const step = box.width / (count - 1);
      const back = Math.round((box.x + box.width - this.at) / step);
      index = Math.min(values.length - 1, Math.max(0, values.length - 1 - back));
      const x = curve[index][0];
      svg.append(element('line', { class: 'cursor', x1: x, x2: x, y1: box.y, y2: box.y + box.height }));
      const time = new Date(samples.end - (values.length - 1 - index) * samples.step * 1000);
      when = time.toLocaleTimeString() + '  ';
    }
    this.reading.textContent = when + format(values[index]);
    const most = format(Math.max(0, ...values));
    svg.setAttribute('aria-label', `${this.label}: ${format(values.at(-1))} now, at most ${most}`);
  }
}

// ---- what changes ----

const live = document.querySelector('[data-live]');
let range = 'minutes';
let charts = [];

function fill(scope, cells) {
  for (const place of scope.querySelectorAll('[data-cell]')) {
    const text = cells[place.dataset.cell];
    if (text !== undefined && place.textContent !== text && !(scope === live && place.closest('[data-app]'))) {
      place.textContent = text;
    }
  }
}

/** Fetches the parts that the server writes, and puts them in the place of the old ones. */
async function renew(version) {
  const answer = await ask(location.pathname);
  const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const focused = document.activeElement?.getAttribute('aria-label');
  for (const part of live.querySelectorAll('[data-part]')) {
    const other = fresh.querySelector(`[data-part="${part.dataset.part}"]`);
    if (other && !part.querySelector('details[open]')) {
      part.replaceChildren(...other.childNodes);
    }
  }
  if (focused && document.activeElement === document.body) {
    [...live.querySelectorAll('[aria-label]')].find(each => each.getAttribute('aria-label') === focused)?.focus();
  }
  live.dataset.version = version;
}

async function update() {
  const state = await (await ask(`${live.dataset.live}?range=${range}`)).json();
  if (state.version !== live.dataset.version) {
    await renew(state.version);
  }
  fill(live, state.cells);
  if (state.samples) {
    charts.forEach(chart => chart.show(state.samples));
  }
  for (const svg of live.querySelectorAll('.tile [data-spark]')) {
    spark(svg, state.sparks[svg.dataset.spark] ?? []);
  }
  for (const row of live.querySelectorAll('[data-app]')) {
    const app = state.apps?.[row.dataset.app];
    if (app) {
      fill(row, app.cells);
      row.querySelectorAll('[data-spark]').forEach(svg => spark(svg, app.sparks[svg.dataset.spark] ?? []));
    }
  }
}

async function watch() {
  for (;;) {
    if (!document.hidden) {
      try {
        await update();
        notify('', false, 'live');
      } catch (error) {
        if (error.status === 401 || error.status === 403) {
          notify("The session has ended. 'sampan ui' gives you a link for another one.", true, 'live');
          return;
        }
        notify(
          error.status === 404 ? error.message : 'The host does not answer; this page waits for it.',
          true,
          'live');
      }
    }
    await new Promise(resolve => setTimeout(resolve, charts.length ? 1000 : 2000));
  }
}

// ---- log ----

const MAX_LINES = 2000;

function follow(place) {
  const box = document.querySelector('[data-follow]');
  let source;
  let waiting = [];
  function row(line) {
    const made = document.createElement('p');
    made.className = line.stream;
    const time = document.createElement('time');
    time.dateTime = line.time;
    time.textContent = new Date(line.time).toLocaleTimeString();
    made.append(time, line.text);
    return made;
  }
  // an app may write faster than anybody can look
  function show() {
    const end = place.scrollHeight - place.scrollTop - place.clientHeight < 40;
    place.append(...waiting.slice(-MAX_LINES).map(row));
    waiting = [];
    while (place.childElementCount > MAX_LINES) {
      place.firstElementChild.remove();
    }
    if (end) {
      place.scrollTop = place.scrollHeight;
    }
  }
  function add(line) {
    if (waiting.push(line) === 1) {
      setTimeout(show, 100);
    }
  }
  function open() {
    source?.close();
    source = undefined;
    if (box.checked && !document.hidden) {
      source = new EventSource(`${place.dataset.log}?token=${encodeURIComponent(token)}`);
      // the host begins with the last lines each time
      source.onopen = () => {
        waiting.length = 0;
        place.replaceChildren();
      };
      source.onmessage = event => add(JSON.parse(event.data));
    }
  }
  box.addEventListener('change', open);
  document.addEventListener('visibilitychange', open);
  open();
}

// ---- forms ----

function nameOf(file) {
  return file.name.toLowerCase().replace(/\.[^.]*$/, '').replace(/[^a-z0-9-]+/g, '-')
    .replace(/^-+|-+$/g, '').slice(0, 63).replace(/-+$/, '');
}

function droppable(drop) {
  const input = drop.querySelector('input[type=file]');
  const chosen = drop.querySelector('[data-chosen]');
  const first = chosen.textContent;
  const show = () => {
    const file = input.files[0];
    chosen.textContent = file ? `${file.name}, ${UNITS.bytes(file.size)}` : first;
    const name = drop.closest('form').querySelector('input[name=name]');
    if (file && name && !name.value) {
      name.value = nameOf(file);
    }
  };
  input.addEventListener('change', show);
  for (const kind of ['dragenter', 'dragover']) {
    drop.addEventListener(kind, event => {
      event.preventDefault();
      drop.classList.add('over');
    });
  }
  drop.addEventListener('dragleave', event => {
    if (!drop.contains(event.relatedTarget)) {
      drop.classList.remove('over');
    }
  });
  drop.addEventListener('drop', event => {
    event.preventDefault();
    drop.classList.remove('over');
    if (event.dataTransfer.files.length > 0) {
      input.files = event.dataTransfer.files;
      show();
    }
  });
}

/** Has a question answered; gives whether it is yes. */
function sure(question, label, look) {
  const dialog = document.createElement('dialog');
  const text = document.createElement('p');
  text.id = 'question';
  text.textContent = question;
  dialog.setAttribute('aria-labelledby', text.id);
  const row = document.createElement('form');
  row.method = 'dialog';
  row.className = 'row';
  const no = document.createElement('button');
  no.value = 'no';
  no.textContent = 'Cancel';
  const yes = document.createElement('button');
  yes.value = 'yes';
  yes.className = look || 'primary';
  yes.textContent = label;
  row.append(no, yes);
  dialog.append(text, row);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise(resolve => {
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(dialog.returnValue === 'yes');
    });
  });
}

async function submitted(event) {
  const form = event.target;
  const button = form.querySelector('button:not([type=button])');
  if (form.dataset.confirm && !form.elements.sure) {
    event.preventDefault();
    if (await sure(form.dataset.confirm, button.textContent, button.className)) {
      const field = document.createElement('input');
      field.type = 'hidden';
      field.name = 'sure';
      field.value = 'yes';
      form.append(field);
      form.submit();
    }
    return;
  }
  if ('upload' in form.dataset) {
    event.preventDefault();
    notify('');
    const label = button.textContent;
    button.disabled = true;
    button.textContent = 'Uploading…';
    try {
      const answer = await ask(form.action, { method: 'POST', body: new FormData(form) });
      location.assign((await answer.json()).location);
    } catch (error) {
      notify(error.message, true);
    } finally {
      button.disabled = false;
      button.textContent = label;
    }
  }
}

// ---- begin ----

document.addEventListener('submit', submitted);
document.querySelectorAll('[data-drop]').forEach(droppable);
// a file that misses its place must not take the page away
for (const kind of ['dragover', 'drop']) {
  window.addEventListener(kind, event => event.preventDefault());
}

const forward = document.querySelector('[data-forward]');
if (forward) {
  location.replace(forward.dataset.forward);
}

charts = [...document.querySelectorAll('[data-chart]')].map(svg => new Chart(svg));
document.querySelectorAll('[data-range]').forEach(button =>
  button.addEventListener('click', () => {
    range = button.dataset.range;
    document.querySelectorAll('[data-range]').forEach(each =>
      each.setAttribute('aria-pressed', String(each === button)));
    update().catch(() => {});
  }));
document.querySelectorAll('[data-log]').forEach(follow);
if (live) {
  watch();
}
