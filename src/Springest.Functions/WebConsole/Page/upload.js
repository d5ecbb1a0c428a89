// Files and a list are checked before anything is sent, and then sent with one click, some at a time, each in parts.

import { el, table, line, save } from './dom.js';
import { send, post, part, Refused } from './api.js';
import { t, number, reason, language } from './words.js';
import { sites, say, refresh, take, watch, draw as redraw } from './app.js';

const partSize = 1024 * 1024;
const atOnce = 3;
const lists = /\.(csv|xlsx|xls)$/i;

let site = null;
let files = [];
let list = null;
let checked = null;
let working = false;
let over = false;
const progress = new Map();

export function forget() {
  [files, list, checked, working] = [[], null, null, false];
  progress.clear();
}

const isSent = file => progress.get(file.file)?.state === 'sent';
const good = () => checked?.files.filter(file => file.isChosen && !file.problems.length && !isSent(file)) ?? [];
const wrong = () => checked?.files.filter(file => !file.isChosen || file.problems.length) ?? [];

export function draw() {
  site ??= sites()[0];
  return el('section', { class: 'card', 'data-key': 'upload' }, el('h2', null, t('upload.title')),
    el('p', { class: 'soft' }, t('upload.help')),
    sites().length > 1 ? el('div', null, el('label', { for: 'upload-site' }, t('upload.site')),
      el('select', { id: 'upload-site', disabled: working, onchange: event => moveTo(event.target.value) }, sites().map(each => el('option', { value: each, selected: each === site }, each)))) : null,
    el('div', { class: over ? 'drop over' : 'drop', ondragover: event => { event.preventDefault(); hover(true); }, ondragleave: () => hover(false), ondrop: event => { event.preventDefault(); hover(false); choose(event.dataTransfer.files); } },
      el('input', { id: 'upload-files', class: 'hidden', type: 'file', multiple: true, accept: '.pdf,.png,.jpg,.jpeg,.csv,.xlsx', disabled: working, onchange: event => { choose(event.target.files); event.target.value = ''; } }),
      el('label', { for: 'upload-files', class: 'button' }, t('upload.choose')),
      el('p', { class: 'soft' }, t('upload.drop'))),
    el('div', { class: 'actions' }, ['xlsx', 'csv'].map(format =>
      el('button', { type: 'button', 'data-key': format, onclick: () => template(format) }, t(`template.${format}`)))),
    checked ? result() : null);
}

async function template(format) {
  const answer = send('GET', `certificates/${part(site)}/list/template?format=${format}&language=${language}`).then(given => given.blob());
  await take(answer, () => false, blob => {
    save(blob, `manifest.${format}`);
    say(t('template.saved'));
  });
}

function hover(value) {
  if (over !== value) {
    over = value;
    redraw();
  }
}

function result() {
  const [ready, bad] = [good(), wrong()];
  const sent = [...progress.values()].filter(each => each.state === 'sent').length;
  return el('div', { 'data-key': 'result' },
    checked.problems.map((problem, i) => el('p', { class: 'bad text', 'data-key': `problem${i}` }, reason(problem))),
    el('p', { role: 'status' }, working ? t('upload.sending', { sent, count: sent + ready.length }) : sent ? t('upload.sent', { count: sent, wrong: bad.length }) : t('upload.checked', { count: ready.length, wrong: bad.length })),
    el('div', { class: 'actions' },
      ready.length && !working ? el('button', { type: 'button', class: 'first', onclick: sendAll }, t('upload.send', { count: ready.length })) : null,
      working ? null : el('button', { type: 'button', onclick: () => { forget(); redraw(); } }, t('upload.clear'))),
    bad.length ? table(t('upload.wrong', { count: bad.length }), [{ name: t('upload.row') }, { name: t('report.file') }, { name: t('upload.what') }],
      bad.map((file, i) => ({ key: `bad${i}`, cells: [file.line ? number(file.line) : '–', file.file, why(file)] }))) : null,
    checked.files.length > bad.length ? table(t('upload.files'), [{ name: t('report.file') }, { name: t('report.person') }, { name: t('upload.progress') }],
      checked.files.filter(file => !bad.includes(file)).map(file => ({ key: file.file, cells: [file.file, file.fields.email ?? '–', how(file)] }))) : null);
}

const why = file => [...(file.isChosen ? [] : [t('upload.missing')]), ...file.problems.map(reason)].map(text => el('p', { class: 'text' }, text));

function how(file) {
  const at = progress.get(file.file);
  if (!at)
    return t('upload.ready');
  return at.state === 'sending' ? line(at.part, at.parts, file.file) : at.state === 'sent' ? t('upload.done') : el('span', { class: 'bad text' }, at.reason);
}

function choose(chosen) {
  if (working || !chosen.length)
    return;
  const given = [...chosen].find(file => lists.test(file.name));
  const fresh = [...chosen].filter(file => !lists.test(file.name));
  // Files with their list, and whatever comes after all is sent, are another batch: nobody in it may get a file of this one.
  if ((given && fresh.length) || (checked?.files.length && checked.files.every(isSent)))
    forget();
  list = given ?? list;
  // Of files of one name the latest counts.
  remove(fresh.map(file => file.name));
  files = [...files, ...fresh];
  return check();
}

function moveTo(other) {
  site = other;
  if (progress.size)
    forget();
  redraw();
  return check();
}

function remove(names) {
  const gone = new Set(names.map(name => name.normalize()));
  files = files.filter(file => !gone.has(file.name.normalize()));
  [...progress.keys()].filter(name => gone.has(name.normalize())).forEach(name => progress.delete(name));
}

async function check() {
  if (!files.length && !list)
    return;
  say(t('working'));
  // Nothing can be sent as it was checked before; and an answer that comes too late is about what is not chosen any more.
  checked = null;
  redraw();
  const asked = [site, list, files];
  const isLate = () => [site, list, files].some((each, i) => each !== asked[i]);
  try {
    const answer = await post(`manage/certificates/${part(site)}/check`, { list: list ? await base64(list) : null, files: files.map(file => file.name) });
    if (isLate())
      return;
    checked = answer;
    // What was sent for one person is not sent for another unless it is chosen again.
    for (const file of checked.files.filter(each => isSent(each) && progress.get(each.file).fields !== JSON.stringify(each.fields))) {
      file.isChosen = false;
      remove([file.file]);
    }
    say(t('upload.checked', { count: good().length, wrong: wrong().length }));
  } catch (error) {
    if (isLate())
      return;
    checked = { files: [], problems: [{ message: error.message }] };
  }
  redraw();
}

async function base64(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let text = '';
  for (let i = 0; i < bytes.length; i += 0x8000)
    text += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  return btoa(text);
}

async function sendAll() {
  const batch = `${new Date().toISOString().slice(0, 16).replace(/[^0-9]/g, '')}-${crypto.randomUUID().slice(0, 8)}`;
  const waiting = good();
  // As it was checked, whatever is chosen meanwhile; and with the key of whoever wanted it only.
  const job = { to: site, batch, files: [...files], hasLeft: watch() };
  working = true;
  redraw();
  await Promise.all(Array.from({ length: atOnce }, async () => {
    while (waiting.length && !job.hasLeft())
      await sendOne(waiting.shift(), job);
  }));
  if (job.hasLeft())
    return;
  working = false;
  say(t('upload.sent', { count: [...progress.values()].filter(each => each.state === 'sent').length, wrong: wrong().length }));
  redraw();
  await refresh(true);
}

async function sendOne(checkedFile, job) {
  const name = checkedFile.file;
  const file = job.files.find(each => each.name.normalize() === name.normalize());
  const parts = Math.max(1, Math.ceil(file.size / partSize));
  try {
    for (let i = 1; i <= parts && !job.hasLeft(); i++) {
      progress.set(name, { state: 'sending', part: i - 1, parts });
      redraw();
      // With what was checked beside it: its name may have letters that no file of the app can have.
      await sendPart(job, file.slice((i - 1) * partSize, i * partSize), {
        'content-type': 'application/octet-stream', 'x-file': part(name), 'x-batch': job.batch, 'x-part': `${i}/${parts}`,
        ...(i === parts ? { 'x-fields': part(JSON.stringify(checkedFile.fields)) } : {}),
      });
    }
    note({ state: 'sent', fields: JSON.stringify(checkedFile.fields) });
  } catch (error) {
    note({ state: 'failed', reason: error.message });
  }

  function note(outcome) {
    if (job.hasLeft())
      return;
    progress.set(name, outcome);
    redraw();
  }
}

// The app takes some at a time, and says when there is room again; a connection may be lost for a moment.
async function sendPart(job, body, headers) {
  for (let tries = 1; ; tries++) {
    try {
      return await send('POST', `manage/certificates/${part(job.to)}/files`, { body, headers });
    } catch (error) {
      // It is there already: only the answer was lost.
      if (error.status === 409 && tries > 1)
        return null;
      const passes = !(error instanceof Refused) || error.status === 503 || error.status === 500;
      if (!passes || tries === 8)
        throw error;
      await new Promise(resolve => setTimeout(resolve, 500 * tries));
      if (job.hasLeft())
        throw error;
    }
  }
}
