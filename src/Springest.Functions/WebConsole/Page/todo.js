// What waits for a person: each with what happened, since when, and what can be done about it.

import { el } from './dom.js';
import { post, part } from './api.js';
import { t, has, moment, reason, language } from './words.js';
import { state, decide, isOperator, questionOfStart, watch } from './app.js';

const certificate = (item, what) => `manage/certificates/${part(item.site)}/${part(item.key)}/${what}`;
const sending = item => `manage/certificates/${part(item.site)}/start`;
const mirror = (item, what) => `manage/catalogue/${part(item.site)}/${part(item.subject.toLowerCase())}/${what}`;
const deletes = (item, what) => `manage/webhooks/${part(item.site)}/held-deletes/${part(item.subject.toLowerCase())}/${what}`;
const letter = (item, what) => `manage/webhooks/${part(item.site)}/dead-letters/${part(item.key)}/${what}`;

// What can be done about each kind, and by which address.
const actions = {
  'certificate-unknown': { accept: item => certificate(item, 'accept'), retry: item => certificate(item, 'retry') },
  'certificate-held': { retry: item => certificate(item, 'retry') },
  'certificate-waiting': { retry: item => certificate(item, 'retry') },
  'certificate-rejected': { dismiss: item => certificate(item, 'dismiss') },
  'list-refused': { dismiss: item => certificate(item, 'dismiss') },
  'sending-stopped': { start: sending },
  'sending-gap': { start: sending },
  'site-refuses': { start: sending },
  'certification-refused': { start: sending },
  'mirror-held': { release: item => mirror(item, 'release'), discard: item => mirror(item, 'discard') },
  'mirror-stopped': { begin: item => mirror(item, 'start') },
  'mirror-paused': { resume: item => mirror(item, 'resume') },
  'webhook-deletes-held': { release: item => deletes(item, 'release'), discard: item => deletes(item, 'discard') },
  'webhook-not-understood': { dismiss: item => `manage/webhooks/${part(item.site)}/deliveries/${part(item.key)}/discard` },
  'dead-letter': { again: item => letter(item, 'retry'), 'discard-letter': item => letter(item, 'discard') },
  'quota-blocked': { unblock: item => `manage/quota/${part(item.site)}/unblock` },
};

// What takes a decision back, where that leaves things as they were.
const undoing = {
  'certificate-rejected': { dismiss: item => certificate(item, 'reopen') },
  'list-refused': { dismiss: item => certificate(item, 'reopen') },
  'sending-stopped': { start: item => `manage/certificates/${part(item.site)}/stop` },
  'mirror-paused': { resume: item => mirror(item, 'pause') },
};

// Of those that are equally bad.
const order = [
  'app-not-configured', 'ledger-key-lost', 'key-rejected', 'function-failed', 'sending-gap', 'site-refuses', 'quota-blocked', 'sending-stopped', 'certificate-unknown', 'certificate-held',
  'certification-refused', 'file-stuck', 'file-old', 'certificate-waiting', 'list-refused', 'certificate-rejected', 'mirror-held', 'webhook-deletes-held',
  'mirror-stopped', 'mirror-stale', 'mirror-paused', 'webhook-not-understood', 'inbox-old', 'dead-letter', 'poison-queue',
];

// Whose reason the app itself tells best.
const told = ['file-', 'certificate-', 'list-', 'site-', 'certification-', 'sending-gap', 'mirror-stopped', 'dead-letter', 'key-rejected', 'function-failed', 'app-not-configured'];

const ofOffice = /^(certificate-|list-|file-|sending-stopped)/;

// What is about a site as a whole has no subject of its own.
const ofSite = /^(sending-|site-|ledger-|poison-|app-|inbox-|file-old)/;

const keyOf = item => `${item.kind}|${item.site}|${item.key ?? item.subject}`;
const titleOf = item => t(`kind.${item.kind}`);
const labelOf = (item, action) => has(`act.${action}.${item.kind}`) ? t(`act.${action}.${item.kind}`) : t(`act.${action}`);
const subjectOf = item => has(`resource.${item.subject}`) ? t(`resource.${item.subject}`) : has(`apikey.${item.subject}`) ? t(`apikey.${item.subject}`) : item.subject;
const values = item => ({
  subject: subjectOf(item), site: item.site, count: item.count, until: item.until ? moment(item.until) : '',
});

// What was written for the site may say more; it is in the site's language.
function reasonOf(item) {
  const said = reason(item);
  return item.reason.includes(said) ? item.reason : said;
}

function about(item) {
  const text = has(`kind.${item.kind}.text`) ? t(`kind.${item.kind}.text`, values(item)) : item.reason;
  const why = reasonOf(item);
  return told.some(start => item.kind.startsWith(start)) && text !== why ? [el('p', { class: 'text' }, text), el('p', { class: 'text soft' }, why)]
    : el('p', { class: 'text' }, text);
}

export function draw() {
  const items = state.list.attention.toSorted((one, other) => one.severity - other.severity || order.indexOf(one.kind) - order.indexOf(other.kind));
  if (!items.length)
    return el('section', { class: 'card calm', 'data-key': 'calm' }, el('h2', null, t('todo.none')), el('p', { class: 'soft' }, t('todo.none.text')));
  const groups = Map.groupBy(items, item => `${item.kind}|${item.site}`);
  return [el('h2', { 'data-key': 'title' }, t('todo.title', { count: items.length })), [...groups].map(([group, alike]) => [
    // What became of each doubt, a person has to look up.
    isOperator() && alike.length > 1 && alike[0].kind !== 'certificate-unknown' ? el('div', { class: 'actions all', 'data-key': `all|${group}` }, Object.keys(actions[alike[0].kind] ?? {})
      .map(action => el('button', { type: 'button', onclick: () => all(alike, action) }, t('todo.all', { action: labelOf(alike[0], action), kind: titleOf(alike[0]), count: alike.length })))) : null,
    alike.map(card),
  ])];
}

// The office has a guide in its own language; what is about the app itself is in that of whoever looks after it, under the kind's name.
function guide(item) {
  const isOffice = ofOffice.test(item.kind);
  const file = !isOffice ? `operate.md#:~:text=${item.kind.replaceAll('-', '%2D')}` : language === 'en' ? 'office.md' : `office.${language}.md`;
  const label = isOffice ? t('guide') : t('guide.english');
  return el('a', { href: `console/${file}`, target: '_blank', rel: 'noopener', 'aria-label': `${label}: ${titleOf(item)}` }, label);
}

function card(item) {
  return el('section', { class: 'card todo', 'data-key': keyOf(item) },
    el('h3', null, titleOf(item)),
    ofSite.test(item.kind) ? null : el('p', { class: 'text' }, el('strong', null, subjectOf(item))),
    el('p', { class: 'soft note' }, item.site ? t('todo.site', { site: item.site }) : null, item.site && item.since ? ' · ' : null,
      item.since ? el('time', { datetime: item.since }, t('todo.since', { time: moment(item.since) })) : null),
    about(item),
    el('p', { class: 'note' }, t(`kind.${item.kind}.help`), ' ',
      guide(item)),
    isOperator() ? el('div', { class: 'actions' }, Object.entries(actions[item.kind] ?? {}).map(([action, address]) =>
      el('button', { type: 'button', 'aria-label': `${labelOf(item, action)}: ${subjectOf(item)}`, onclick: () => one(item, action, address) }, labelOf(item, action)))) : null);
}

function one(item, action, address) {
  const question = action === 'start' ? questionOfStart(item.site)
    : has(`ask.${action}.${item.kind}`) ? `ask.${action}.${item.kind}` : `ask.${action}`;
  const text = t(question, values(item));
  if (action === 'accept')
    return decide(t('act.accept'), text, t('act.accept'), number => post(`${address(item)}?id=${part(number)}`).then(() => t('did', { subject: subjectOf(item) })), { input: t('ask.accept.number') });
  const undo = undoing[item.kind]?.[action];
  const back = undo ? () => post(undo(item)) : null;
  return decide(labelOf(item, action), text, labelOf(item, action), () => post(address(item)).then(() => t('did', { subject: subjectOf(item) })), { undo: back });
}

function all(items, action) {
  const label = t('todo.all', { action: labelOf(items[0], action), kind: titleOf(items[0]), count: items.length });
  const back = undoing[items[0].kind]?.[action];
  const question = action === 'start' ? questionOfStart(items[0].site) : 'ask.all';
  return decide(
    label, t(question, { ...values(items[0]), count: items.length }), labelOf(items[0], action), () => postEach(items, actions[items[0].kind][action]), { undo: back ? () => postEach(items, back) : null });
}

// One after the other; those that fail keep no other from being done. The next person's key is not for these.
async function postEach(items, address) {
  const hasLeft = watch();
  const refused = [];
  for (const item of items) {
    if (hasLeft())
      break;
    await post(address(item)).catch(error => refused.push(error.message));
  }
  const failed = refused.length;
  return failed ? `${t('did.some', { count: items.length - failed, failed })} ${t('not.done', { reason: refused[0] })}`
    : t('did.all', { count: items.length });
}
