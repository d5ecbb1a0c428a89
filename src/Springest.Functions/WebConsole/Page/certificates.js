// Certificates: sending files, looking for one, lists by state, and one with all that happened to it.

import { el, table, save } from './dom.js';
import { get, post, part } from './api.js';
import { t, has, number, moment, reason } from './words.js';
import { state, decide, isOperator, questionOfStart, sites, say, take, reload, watch, draw as redraw } from './app.js';
import * as upload from './upload.js';

const states = ['OutcomeUnknown', 'Held', 'Rejected', 'Waiting', 'Ready', 'Submitting', 'Accepted', 'Duplicate', 'Replaced', 'Withdrawn', 'Expired', 'PerhapsSent'];
const finders = ['email', 'certificateId', 'file', 'certificationId', 'month'];

let chosen = 'Accepted';
let list = null;
let found = null;
let finder = 'email';
let open = null;
// What was asked for last; an answer about anything else comes too late.
let searched = null;
let looked = null;

export async function load() {
  const hasLeft = watch();
  const [asked, opened] = [chosen, open];
  const answer = await get(`certificates?state=${asked}`);
  if (hasLeft())
    return;
  if (chosen === asked)
    list = answer;
  const again = opened ? await get(addressOf(opened)) : null;
  if (!hasLeft() && open === opened)
    open = again;
}

export function forget() {
  [list, found, open, searched, looked] = [null, null, null, null, null];
  upload.forget();
}

const addressOf = report => `certificates/${part(report.site ?? '_')}/${part(report.submission)}`;
const nameOf = file => file.slice(file.lastIndexOf('/') + 1);
const messageOf = report => reason(report.problems?.[0] ?? report);
const stateOf = name => t(`state.${name.toLowerCase()}`);

export function draw() {
  return [
    open ? one(open) : null,
    isOperator() ? upload.draw() : null,
    isOperator() ? stopOrStart() : null,
    search(),
    byState(),
  ];
}

function stopOrStart() {
  return el('section', { class: 'card', 'data-key': 'sending' }, el('h2', null, t('sending.title')), sites().map(site => {
    const stopped = state.list.attention.find(item => item.site === site && ['sending-stopped', 'sending-gap'].includes(item.kind));
    const action = stopped ? 'start' : 'stop';
    return el('div', { class: 'bar', 'data-key': site },
      el('span', null, t('site', { site }), ': ', stopped ? el('span', { class: 'bad' }, t('sending.stopped')) : t('sending.goes')),
      el('button', { type: 'button', 'aria-label': `${t(`act.${action}`)}: ${site}`, onclick: () => decide(
        t(`act.${action}`), t(stopped ? questionOfStart(site) : 'ask.stop', { site }), t(`act.${action}`), () => post(`manage/certificates/${part(site)}/${action}`).then(() => t('done'))) }, t(`act.${action}`)));
  }));
}

function search() {
  const isMonth = finder === 'month';
  return el('section', { class: 'card', 'data-key': 'search' }, el('h2', null, t('search.title')),
    el('form', { class: 'fields', onsubmit: find },
      el('div', { class: 'short' }, el('label', { for: 'finder' }, t('search.by')),
        el('select', { id: 'finder', onchange: event => { finder = event.target.value; redraw(); } }, finders.map(each => el('option', { value: each, selected: each === finder }, t(`search.${each}`))))),
      isMonth ? null : el('div', { 'data-key': 'what' }, el('label', { for: 'wanted' }, t('search.what')), el('input', { id: 'wanted', type: 'text', autocomplete: 'off', spellcheck: 'false', required: true })),
      !isMonth && finder !== 'certificationId' ? null : el('div', { class: 'short', 'data-key': 'month' }, el('label', { for: 'month' }, t(isMonth ? 'search.month' : 'search.in')),
        el('input', { id: 'month', type: 'month', placeholder: '2026-03', pattern: '[0-9]{4}-[0-9]{2}', required: isMonth })),
      el('div', { class: 'short' }, el('button', { class: 'first' }, t('search.go')))),
    found ? found.length ? reports(countOf(found), found) : el('p', null, t('search.none')) : null);
}

// The app tells of no more.
function countOf(list) {
  return t(list.length === 200 ? 'search.first' : 'search.found', { count: list.length });
}

async function find(event) {
  event.preventDefault();
  const wanted = document.getElementById('wanted')?.value.trim();
  const month = document.getElementById('month')?.value || undefined;
  const isNumber = ['certificateId', 'certificationId'].includes(finder);
  const asked = searched = { [finder]: isNumber ? Number(wanted) : wanted, ...(month ? { month } : {}) };
  await take(post('certificates/search', asked), () => searched !== asked, ({ items }) => {
    found = items;
    say(countOf(found));
  });
}

function byState() {
  const counts = Object.fromEntries(states.map(each => [each, state.list.sites.reduce((sum, site) => sum + (site.certificates.find(one => one.state === each)?.count ?? 0), 0)]));
  return el('section', { class: 'card', 'data-key': 'states' }, el('h2', null, t('list.title')),
    el('div', { class: 'fields' }, el('div', { class: 'short' }, el('label', { for: 'state' }, t('list.state')),
      el('select', { id: 'state', onchange: event => { chosen = event.target.value; list = null; redraw(); reload(); } },
        states.map(each => el('option', { value: each, selected: each === chosen }, `${stateOf(each)} (${number(counts[each])})`))))),
    list ? list.items.length ? reports(stateOf(chosen), list.items) : el('p', null, t('list.none')) : el('p', null, t('wait')),
    list?.cursor ? el('div', { class: 'actions' }, el('button', { type: 'button', onclick: more }, t('list.more'))) : null);
}

function more() {
  const shown = list;
  return take(get(`certificates?state=${chosen}&cursor=${part(shown.cursor)}`), () => list !== shown, next => {
    list = { items: [...shown.items, ...next.items], cursor: next.cursor };
  });
}

function reports(caption, items) {
  return table(caption, [{ name: t('report.file') }, { name: t('report.person') }, { name: t('report.state') }, { name: t('report.number'), n: true }, { name: t('report.at') }, { name: t('look'), bare: true }],
    items.map(report => ({ key: `${report.site}|${report.submission}`, cells: [
      nameOf(report.file), report.email ?? '–', [stateOf(report.state), report.message ? el('p', { class: 'note text soft' }, messageOf(report)) : null],
      report.certificateId ? `${report.certificateId}` : '–', moment(report.at),
      report.submission ? el('button', { type: 'button', 'aria-label': `${t('look')}: ${nameOf(report.file)}`, onclick: () => look(report) }, t('look')) : '–'] })));
}

function look(report) {
  looked = report;
  return take(get(addressOf(report)), () => looked !== report, answer => {
    open = answer;
    redraw();
    document.getElementById('one')?.focus();
  });
}

function one(report) {
  const facts = [
    ['report.state', stateOf(report.state)], ['report.person', report.email], ['report.certification', report.certification ?? report.certificationId],
    ['report.from', report.validFrom], ['report.until', report.validUntil], ['report.number', report.certificateId], ['report.booking', report.bookingId],
    ['report.at', moment(report.at)],
  ].filter(([, value]) => value);
  return el('section', { class: 'card', 'data-key': 'one', 'aria-labelledby': 'one' },
    el('h2', { id: 'one', tabindex: '-1' }, nameOf(report.file)),
    report.message ? el('p', { class: 'text' }, messageOf(report)) : null,
    (report.problems ?? []).length > 1 ? el('ul', null, report.problems.map(problem => el('li', { class: 'text' }, reason(problem)))) : null,
    table(t('report.facts'), [{ name: t('report.fact') }, { name: t('report.value') }], facts.map(([name, value]) => ({ key: name, cells: [t(name), `${value}`] }))),
    report.history?.length ? table(t('history.title'), [{ name: t('history.at') }, { name: t('history.what') }, { name: t('history.by') }, { name: t('report.state') }],
      report.history.map((each, i) => ({ key: `${i}`, cells: [moment(each.at), has(`event.${each.kind}`) ? t(`event.${each.kind}`) : each.kind, each.by ?? t('history.app'), stateOf(each.state)] }))) : null,
    el('div', { class: 'actions' },
      isOperator() && !report.unhandled && report.history?.at(-1)?.kind === 'dismiss' ? el('button', { type: 'button', onclick: () => reopen(report) }, t('act.reopen')) : null,
      isOperator() && report.state === 'duplicate' && report.history?.at(-1)?.kind !== 'submit' ? el('button', { type: 'button', onclick: () => letThrough(report) }, t('act.submit')) : null,
      el('button', { type: 'button', onclick: () => download(report) }, t('report.download')),
      el('button', { type: 'button', onclick: () => { open = null; redraw(); } }, t('close'))));
}

const reopen = report => decide(t('act.reopen'), t('ask.reopen', { subject: nameOf(report.file) }), t('act.reopen'),
  () => post(`manage/certificates/${part(report.site ?? '_')}/${part(report.submission)}/reopen`).then(() => t('undone')));

const letThrough = report => decide(t('act.submit'), t('ask.submit', { subject: nameOf(report.file) }), t('act.submit'),
  () => post(`manage/certificates/${part(report.site)}/${part(report.submission)}/submit`).then(() => t('did.submit')));

const download = report => save(new Blob([JSON.stringify(report, null, 2)], { type: 'application/json' }), `${nameOf(report.file)}.json`);
