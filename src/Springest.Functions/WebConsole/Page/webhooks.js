// Webhooks: what came, what it named, and what became of that.

import { el, table } from './dom.js';
import { get, post, part } from './api.js';
import { t, number, moment } from './words.js';
import { state, decide, isOperator, sites, take, watch, draw as redraw } from './app.js';

const deliveries = new Map();
let open = null;
// What was asked for last; an answer about anything else comes too late.
let looked = null;

export async function load() {
  const hasLeft = watch();
  for (const site of sites()) {
    const { items } = await get(`webhooks/${part(site)}/deliveries`);
    if (hasLeft())
      return;
    deliveries.set(site, items);
  }

  if (open)
    open.delivery = await get(`webhooks/${part(open.site)}/deliveries/${part(open.delivery.id)}`);
}

export const forget = () => { deliveries.clear(); open = null; };

export function draw() {
  return [open ? one(open) : null, state.list.sites.map(({ site, inbox }) => el('section', { 'data-key': `webhooks|${site}` },
    el('h2', null, t('site', { site })),
    el('p', { class: 'card' }, el('span', { class: 'big' }, number(inbox.waiting), inbox.more ? '+' : ''), ' ', t('webhooks.waiting'),
      inbox.oldest ? ` · ${t('webhooks.oldest', { time: moment(inbox.oldest) })}` : null),
    el('div', { class: 'card' }, deliveries.get(site)?.length ? table(t('webhooks.deliveries'), [
      { name: t('webhooks.received') }, { name: t('webhooks.accepted'), n: true }, { name: t('webhooks.ignored'), n: true }, { name: t('webhooks.objects'), n: true }, { name: t('look'), bare: true }],
    deliveries.get(site).slice(0, 100).map(each => ({ key: each.id, cells: [
      el('time', { datetime: each.received }, moment(each.received)), number(each.accepted), number(each.ignored), number(each.objects),
      el('button', { type: 'button', 'aria-label': `${t('look')}: ${moment(each.received)}`, onclick: () => look(site, each.id) }, t('look'))] }))) : el('p', { class: 'soft' }, deliveries.has(site) ? t('webhooks.none') : t('wait')))))];
}

function look(site, id) {
  const asked = looked = { site, id };
  return take(get(`webhooks/${part(site)}/deliveries/${part(id)}`), () => looked !== asked, delivery => {
    open = { site, delivery };
    redraw();
    document.getElementById('delivery')?.focus();
  });
}

function one({ site, delivery }) {
  const address = `manage/webhooks/${part(site)}/deliveries/${part(delivery.id)}`;
  const act = (action, what) => el('button', { type: 'button', onclick: () => decide(
    t(`act.${action}`), t(`ask.${action}.delivery`), t(`act.${action}`), () => post(`${address}/${what}`).then(() => t('done'))) }, t(`act.${action}`));
  return el('section', { class: 'card', 'data-key': 'delivery', 'aria-labelledby': 'delivery' },
    el('h2', { id: 'delivery', tabindex: '-1' }, t('webhooks.one', { time: moment(delivery.received) })),
    el('p', null, el('code', null, delivery.id)),
    delivery.named?.length ? table(t('webhooks.named'), [{ name: t('webhooks.object') }, { name: t('webhooks.action') }, { name: t('webhooks.state') }],
      delivery.named.map((each, i) => ({ key: `${i}`, cells: [`${each.object} ${each.id}`, each.action, [t(`item.${each.state}`), each.error ? el('p', { class: 'bad note text' }, each.error) : null]] }))) : el('p', { class: 'soft' }, t('webhooks.gone')),
    delivery.body ? el('details', null, el('summary', null, t('webhooks.body')), el('pre', { tabindex: '0' }, JSON.stringify(delivery.body, null, 2))) : null,
    el('div', { class: 'actions' }, isOperator() ? [act('replay', 'replay'), act('take-back', 'discard')] : null,
      el('button', { type: 'button', onclick: () => { open = null; redraw(); } }, t('close'))));
}
