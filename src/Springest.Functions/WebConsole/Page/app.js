// The console: what waits for a person first, and beside it certificates, the mirror, webhooks and the quota.

import { $, el, show } from './dom.js';
import { key, send } from './api.js';
import { speak, t, moment, language, names } from './words.js';
import * as todo from './todo.js';
import * as certificates from './certificates.js';
import * as mirror from './mirror.js';
import * as webhooks from './webhooks.js';
import * as quota from './quota.js';

const views = { todo, certificates, mirror, webhooks, quota };
const least = 30_000;
const most = 300_000;

export const state = { list: null, etag: null, role: null, name: null, checked: null, trouble: null, wrong: null, unready: false, undo: null };
let pause = least;
let timer;
let asking = null;
// Goes up with each sign-out: what was asked before it is answered to nobody, and nothing more is done for whoever asked.
let visit = 0;
// When what each view shows beside the list was read; that is only asked for again when the list has changed.
const read = new Map();

/** Tells from then on whether whoever is here now has signed out since. */
export function watch() {
  const begun = visit;
  return () => visit !== begun;
}

/** What to ask before a site's sending starts again: what a ledger that is still to be restored does not know would be sent again. */
export const questionOfStart = site =>
  state.list.attention.some(each => each.site === site && each.kind === 'sending-gap') ? 'ask.start.sending-gap' : 'ask.start';

export const isOperator = () => state.role === 'operator';
export const sites = () => state.list?.sites.map(site => site.site) ?? [];

export function say(text) {
  $('said').textContent = text;
}

const viewNow = () => location.hash.slice(1) in views ? location.hash.slice(1) : 'todo';

const asOf = () => Math.min(new Date(state.checked), read.get(views[viewNow()]) ?? Infinity);

export function draw() {
  document.title = state.list?.attention.length ? `(${state.list.attention.length}) Springest` : 'Springest';
  $('skip').textContent = t('skip');
  show($('head'), head());
  show($('undo'), state.undo ? el('button', { type: 'button', onclick: takeBack }, t('undo')) : null);
  if (!key.get())
    return show($('view'), login());
  show($('view'), state.list ? views[viewNow()].draw() : state.unready ? unready() : el('p', { 'data-key': 'wait' }, state.trouble ?? t('wait')));
}

function unready() {
  return el('section', { class: 'card todo', 'data-key': 'unready' }, el('h2', null, t('unready.title')), el('p', null, t('unready.text')),
    el('p', { class: 'text soft' }, state.trouble), el('div', { class: 'actions' }, el('button', { type: 'button', onclick: () => refresh(true) }, t('fresh.now'))));
}

function head() {
  const choice = el('select', { id: 'language', 'aria-label': t('language'), onchange: async event => { await speak(event.target.value); draw(); } },
    Object.entries(names).map(([tag, name]) => el('option', { value: tag, lang: tag, selected: tag === language }, name)));
  const count = state.list?.attention.length ?? 0;
  return [
    el('div', { class: 'bar' },
      el('h1', null, 'Springest'),
      key.get() && state.name ? el('span', { class: 'soft note', 'data-key': 'who' }, t('who', { name: state.name, role: t(`role.${state.role}`) })) : null,
      el('span', { class: 'end bar' },
        key.get() && state.list ? el('span', { class: 'note', 'data-key': 'fresh' },
          state.trouble ? el('span', { class: 'bad' }, t('fresh.failed', { reason: state.trouble })) : el('span', { class: 'soft' }, t('fresh.checked', { time: moment(asOf()) }))) : null,
        key.get() && state.list ? el('button', { type: 'button', 'data-key': 'now', onclick: () => refresh(true) }, t('fresh.now')) : null,
        choice,
        key.get() ? el('button', { type: 'button', 'data-key': 'leave', onclick: leave }, t('key.leave')) : null)),
    key.get() && state.list ? el('nav', { 'aria-label': t('nav'), 'data-key': 'nav' }, el('ul', null, Object.keys(views).map(view => el('li', null,
      el('a', { href: `#${view}`, 'aria-current': view === viewNow() ? 'page' : null }, t(`nav.${view}`),
        view === 'todo' && count ? [' ', el('span', { class: 'badge' }, `${count}`)] : null))))) : null,
  ];
}

function login() {
  return el('form', { class: 'card key', 'data-key': 'login', onsubmit: enter },
    el('h2', null, t('key.title')),
    // By this password managers tell the key from others.
    el('input', { class: 'hidden', type: 'text', name: 'username', autocomplete: 'username', value: 'Springest', tabindex: '-1', 'aria-hidden': 'true', readonly: true }),
    el('label', { for: 'key' }, t('key.label')),
    el('input', { id: 'key', name: 'password', type: 'password', autocomplete: 'current-password', spellcheck: 'false', required: true, 'aria-describedby': 'hint wrong', 'aria-invalid': state.wrong ? 'true' : null }),
    el('p', { id: 'hint', class: 'soft note' }, t('key.hint')),
    el('p', { id: 'wrong', class: 'bad', role: 'alert' }, state.wrong),
    el('div', { class: 'actions' }, el('button', { class: 'first' }, t('key.open'))));
}

async function enter(event) {
  event.preventDefault();
  key.set($('key').value.trim());
  state.wrong = null;
  await refresh();
  if (state.list)
    $('view').focus();
}

function leave() {
  end();
  clearTimeout(timer);
  draw();
  $('key').focus();
}

// The next person sees nothing of this one's.
function end() {
  key.set(null);
  visit++;
  asking = null;
  for (const view of Object.values(views))
    view.forget?.();
  Object.assign(state, { list: null, etag: null, role: null, name: null, trouble: null, unready: false, undo: null });
  $('ask').close();
  say('');
}

// One request at a time; at once after an action, and else the more seldom the longer nothing changes.
export function refresh(now = false) {
  if (now || !asking) {
    const last = (asking ?? Promise.resolve()).then(() => ask(now)).finally(() => {
      if (asking === last)
        asking = null;
    });
    asking = last;
  }
  return asking;
}

async function ask(now) {
  clearTimeout(timer);
  if (!key.get())
    return draw();
  const hasLeft = watch();
  await attempt(async () => {
    const answer = await send('GET', now ? 'todo?now=true' : 'todo', { etag: now ? null : state.etag });
    const list = answer.status === 304 ? null : await answer.json();
    if (hasLeft())
      return;
    state.checked = answer.headers.get('last-modified') ?? Date.now();
    pause = list ? least : Math.min(most, 2 * pause);
    if (list) {
      [state.etag, state.list] = [answer.headers.get('etag'), list];
      ({ role: state.role, name: state.name } = list);
      await load();
    }
  });
  if (!hasLeft() && !document.hidden)
    timer = setTimeout(refresh, pause);
}

export const reload = () => attempt(load);

async function load() {
  const [view, now] = [views[viewNow()], Date.now()];
  if (view.load) {
    await view.load();
    read.set(view, now);
  }
}

// Tells what keeps it from being done, unless whoever wanted it has signed out meanwhile.
async function attempt(work) {
  const hasLeft = watch();
  try {
    await work();
    if (hasLeft())
      return;
    [state.trouble, state.unready] = [null, false];
  } catch (error) {
    if (hasLeft())
      return;
    if (error.status === 401 || error.status === 403) {
      state.wrong = t(error.status === 401 ? 'key.unknown' : 'key.forbidden');
      end();
    } else {
      // The next answer is a list, even if that has not changed, so that the view is read again too.
      [state.trouble, state.unready, state.etag] = [error.message, error.status === 503, null];
    }
  }
  draw();
}

// Uses an answer, or says what was refused, unless it is late: whoever wanted it has signed out, or asked for something else since.
export async function take(answer, isLate, use) {
  const hasLeft = watch();
  const isOver = () => hasLeft() || isLate();
  try {
    const given = await answer;
    if (isOver())
      return;
    use(given);
  } catch (error) {
    if (isOver())
      return;
    say(t('not.done', { reason: error.message }));
  }
  draw();
}

async function takeBack() {
  const hasLeft = watch();
  const undo = state.undo;
  state.undo = null;
  say(t('working'));
  try {
    const said = await undo();
    if (hasLeft())
      return;
    say(typeof said === 'string' ? said : t('undone'));
  } catch (error) {
    if (hasLeft())
      return;
    say(t('not.done', { reason: error.message }));
  }
  await refresh(true);
  // The button that had the focus is gone.
  $('view').focus();
}

/** Asks once, does it, says what came of it, offers to take it back where that is possible, and looks again: to whoever is still here. */
export async function decide(title, text, label, work, { input, undo } = {}) {
  const hasLeft = watch();
  const dialog = $('ask');
  const given = await new Promise(resolve => {
    const field = input ? el('input', { id: 'given', type: 'text', inputmode: 'numeric', autocomplete: 'off', required: true }) : null;
    const close = value => { dialog.close(); resolve(value); };
    dialog.oncancel = () => resolve(null);
    dialog.replaceChildren(el('form', { onsubmit: event => { event.preventDefault(); close(field ? field.value.trim() : true); } },
      el('h2', { id: 'ask-title' }, title),
      el('p', { class: 'text' }, text),
      field ? [el('label', { for: 'given' }, input), field] : null,
      el('div', { class: 'actions' },
        el('button', { class: 'first' }, label),
        el('button', { type: 'button', onclick: () => close(null) }, t('cancel')))));
    dialog.showModal();
  });
  if (given === null || hasLeft())
    return;
  state.undo = null;
  say(t('working'));
  try {
    const said = await work(given);
    if (hasLeft())
      return;
    say(said ?? t('done'));
    state.undo = undo ?? null;
  } catch (error) {
    if (hasLeft())
      return;
    say(t('not.done', { reason: error.message }));
  }
  await refresh(true);
}

addEventListener('hashchange', () => {
  draw();
  $('view').focus({ preventScroll: true });
  if (state.list)
    reload();
});
document.addEventListener('visibilitychange', () => document.hidden ? clearTimeout(timer) : refresh());

await speak();
draw();
await refresh();
if (!key.get())
  $('key')?.focus();
