// What the keys have used of Springest's limit, over the last hour.

import { el, line } from './dom.js';
import { post, part } from './api.js';
import { t, number, moment } from './words.js';
import { decide, isOperator } from './app.js';
import { load, forget, current } from './mirror.js';

export { load, forget };

export function draw() {
  if (!current())
    return el('p', { 'data-key': 'wait' }, t('wait'));
  return current().sites.map(site => el('section', { 'data-key': `quota|${site.site}` },
    el('h2', null, t('site', { site: site.site })),
    el('div', { class: 'grid' }, site.quota.map(quota => card(site.site, quota)))));
}

const keyName = quota => t('quota.key', { key: t(`apikey.${quota.key}`) });

function card(site, quota) {
  const minutes = Math.max(1, Math.round((new Date(current().at) - new Date(quota.curveFrom)) / 60000));
  return el('section', { class: 'card', 'data-key': quota.key },
    el('h3', null, keyName(quota)),
    el('p', null, el('span', { class: 'big' }, number(quota.used)), ' ', t('quota.of', { limit: quota.limit })),
    line(quota.used, quota.limit, keyName(quota)),
    el('p', { class: 'note' }, t('quota.left'), ' ', Object.entries(quota.left).map(([name, count]) => `${t(`class.${name}`)} ${number(count)}`).join(', ')),
    curve(quota.curve, t('quota.curve', { minutes, sum: quota.curve.reduce((sum, count) => sum + count, 0) })),
    el('p', { class: 'soft note' }, t('quota.minutes', { minutes })),
    quota.blockedUntil ? [
      el('p', { class: 'bad' }, t('kind.quota-blocked.text', { until: moment(quota.blockedUntil) })),
      isOperator() ? el('div', { class: 'actions' }, el('button', { type: 'button', onclick: () => decide(
        t('act.unblock'), t('ask.unblock', { subject: t(`apikey.${quota.key}`) }), t('act.unblock'), () => post(`manage/quota/${part(site)}/unblock`).then(() => t('done'))) }, t('act.unblock'))) : null] : null);
}

function curve(values, label) {
  const top = Math.max(1, ...values);
  const steps = values.map((value, i) => `V${(100 - 96 * value / top).toFixed(2)}H${i + 1}`).join('');
  return el('svg', { class: 'curve', viewBox: `0 0 ${values.length} 100`, preserveAspectRatio: 'none', role: 'img', 'aria-label': label }, el('path', { d: `M0 100${steps}V100Z` }));
}
