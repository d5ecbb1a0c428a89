// The mirror: how fresh each resource is, what is at work, and what was.

import { el, table, line } from './dom.js';
import { get, post, part } from './api.js';
import { t, number, moment } from './words.js';
import { decide, isOperator, take, watch, draw as redraw } from './app.js';

let status = null;
const passes = new Map();

export async function load() {
  const hasLeft = watch();
  const answer = await get('status');
  if (hasLeft())
    return;
  status = answer;
  for (const address of passes.keys()) {
    const last = await passesOf(address);
    if (hasLeft())
      return;
    keep(address)(last);
  }
}

export const forget = () => { status = null; passes.clear(); };
export const current = () => status;

const passesOf = address => get(`${address}/passes?top=10`);
const keep = address => answer => passes.set(address, answer.items);

export function draw() {
  if (!status)
    return el('p', { 'data-key': 'wait' }, t('wait'));
  return status.sites.map(site => el('section', { 'data-key': `mirror|${site.site}` },
    el('h2', null, t('site', { site: site.site })),
    site.catalogue.length ? site.catalogue.map(resource => card(resource)) : el('p', { class: 'card soft' }, t('mirror.none'))));
}

function card(resource) {
  const address = `catalogue/${part(resource.site)}/${part(resource.resource.toLowerCase())}`;
  const known = passes.get(address);
  return el('section', { class: 'card', 'data-key': address },
    el('h3', null, t(`resource.${resource.resource}`)),
    el('p', null, t('mirror.records', { count: resource.records }), ' · ', resource.fresh ? t('mirror.fresh', { time: moment(resource.fresh) }) : t('mirror.never'),
      resource.nextDue ? [' · ', t('mirror.next', { time: moment(resource.nextDue) })] : null),
    resource.pass ? [
      el('p', null, t(`pass.${resource.pass.kind}`), ': ', t('mirror.read', { read: resource.pass.read, total: resource.pass.total === null ? '?' : resource.pass.total })),
      resource.pass.total ? line(resource.pass.read, resource.pass.total, `${t(`pass.${resource.pass.kind}`)}, ${t(`resource.${resource.resource}`)}`) : null] : null,
    resource.isPaused ? el('p', { class: 'bad' }, t('kind.mirror-paused')) : null,
    resource.holdSince ? el('p', { class: 'bad' }, t('kind.mirror-held.text', { count: resource.holdMissing })) : null,
    resource.problem ? el('p', { class: 'bad text' }, resource.problem) : null,
    isOperator() ? el('div', { class: 'actions' },
      button(resource, 'start', 'begin'),
      resource.isPaused ? button(resource, 'resume', 'resume') : button(resource, 'pause', 'pause'),
      resource.holdSince ? [button(resource, 'release', 'release'), button(resource, 'discard', 'discard')] : null) : null,
    el('div', { class: 'actions' }, el('button', {
      type: 'button', 'aria-expanded': known ? 'true' : 'false', 'aria-label': `${t('mirror.passes')}: ${t(`resource.${resource.resource}`)}`,
      onclick: () => {
        if (!known)
          return take(passesOf(address), () => false, keep(address));
        passes.delete(address);
        redraw();
      },
    }, t('mirror.passes'))),
    known ? table(t('mirror.passes'), [{ name: t('pass.started') }, { name: t('pass.kind') }, { name: t('pass.created'), n: true }, { name: t('pass.updated'), n: true }, { name: t('pass.deleted'), n: true }],
      known.map(pass => ({ key: pass.started, cells: [moment(pass.started), t(`pass.${pass.kind}`), number(pass.created ?? 0), number(pass.updated ?? 0), number(pass.deleted ?? 0)] }))) : null);
}

function button(resource, command, action) {
  const name = t(`resource.${resource.resource}`);
  return el('button', { type: 'button', 'data-key': command, 'aria-label': `${t(`act.${action}`)}: ${name}`, onclick: () => decide(
    t(`act.${action}`), t(`ask.${action}`, { subject: name, count: resource.holdMissing }), t(`act.${action}`),
    () => post(`manage/catalogue/${part(resource.site)}/${part(resource.resource.toLowerCase())}/${command}`).then(() => t('ordered', { subject: name }))) }, t(`act.${action}`));
}
