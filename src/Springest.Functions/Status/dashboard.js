'use strict';

const every = 5000;
const $ = id => document.getElementById(id);
const number = new Intl.NumberFormat(undefined);
const moment = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto', style: 'long' });
let timer;

// Every text of the app comes in as a text node: none of it is ever read as markup.
function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes ?? {}))
    made.setAttribute(key, value);
  made.append(...children.flat().filter(child => child !== null && child !== undefined));
  return made;
}

function drawing(name, attributes, ...children) {
  const made = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes))
    made.setAttribute(key, value);
  made.append(...children);
  return made;
}

function ago(time, now) {
  if (!time)
    return element('span', { class: 'soft' }, 'never');
  const seconds = (new Date(time) - now) / 1000;
  const [unit, size] = [['day', 86400], ['hour', 3600], ['minute', 60], ['second', 1]].find(([, size]) => Math.abs(seconds) >= size) ?? ['second', 1];
  return element('time', { datetime: time, title: moment.format(new Date(time)) }, relative.format(Math.round(seconds / size), unit));
}

const words = name => name.replace(/([a-z])([A-Z])/g, (_, before, after) => `${before} ${after.toLowerCase()}`);

function card(title, wide, ...children) {
  return element('section', { class: wide ? 'card wide' : 'card' }, element('h3', null, title), ...children);
}

function table(caption, columns, rows) {
  return element('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': caption }, element('table', null,
    element('caption', { class: 'visually-hidden' }, caption),
    element('thead', null, element('tr', null, columns.map(column => element('th', { scope: 'col', class: column.number ? 'n' : '' }, column.name)))),
    element('tbody', null, rows.map(row => element('tr', null, row.map((cell, i) =>
      element(i ? 'td' : 'th', i ? { class: columns[i].number ? 'n' : '' } : { scope: 'row' }, cell)))))));
}

function bar(part, whole, label) {
  const share = whole ? Math.min(100, 100 * part / whole) : 0;
  const fill = element('i');
  fill.style.width = `${share}%`;
  return element('div', { class: 'bar', role: 'progressbar', 'aria-label': label, 'aria-valuemin': 0, 'aria-valuemax': 100, 'aria-valuenow': Math.round(share) }, fill);
}

// Requests per stretch of the window, oldest on the left.
function curve(values, label) {
  const top = Math.max(1, ...values);
  const steps = values.map((value, i) => `V${(100 - 96 * value / top).toFixed(2)}H${i + 1}`).join('');
  return drawing('svg', { class: 'curve', viewBox: `0 0 ${values.length} 100`, preserveAspectRatio: 'none', role: 'img', 'aria-label': label },
    drawing('path', { d: `M0 100${steps}V100Z` }), drawing('line', { x1: 0, x2: values.length, y1: 100, y2: 100 }));
}

function quotaCard(quota, now) {
  const minutes = Math.round((now - new Date(quota.curveFrom)) / 60000);
  const span = minutes > 1 ? `${minutes} minutes` : 'minute';
  const left = Object.entries(quota.left).map(([name, count]) => `${words(name).toLowerCase()} ${number.format(count)}`).join(', ');
  return card(`Requests, ${quota.key.toLowerCase()} key`, false,
    element('div', { class: 'big' }, number.format(quota.used), element('span', { class: 'soft note' }, ` of ${number.format(quota.limit)} used`)),
    bar(quota.used, quota.limit, `Requests used, ${quota.key} key`),
    element('p', { class: 'note soft' }, `Left for ${left}`),
    quota.blockedUntil ? element('p', { class: 'note bad' }, 'Springest asks to wait until ', moment.format(new Date(quota.blockedUntil))) : null,
    curve(quota.curve, `Requests over the last ${span}: ${number.format(quota.curve.reduce((sum, count) => sum + count, 0))}, at most ${number.format(Math.max(0, ...quota.curve))} per bar`),
    element('p', { class: 'note soft' }, `The last ${span}`));
}

function passCell(pass) {
  if (!pass)
    return element('span', { class: 'soft' }, 'none');
  const total = pass.total === null ? '?' : number.format(pass.total);
  return element('div', null, `${words(pass.kind)}: ${number.format(pass.read)} of ${total}${pass.isRunning ? '' : ', waiting'}`,
    pass.total ? bar(pass.read, pass.total, `${words(pass.kind)} pass`) : null);
}

function catalogueCard(resources, now) {
  if (!resources.length)
    return card('Catalogue', true, element('p', { class: 'soft note' }, 'Nothing has been mirrored yet.'));
  const rows = resources.map(resource => [
    words(resource.resource), number.format(resource.records), ago(resource.fresh, now), ago(resource.fullPassCompleted, now),
    resource.isPaused ? element('span', { class: 'bad' }, 'paused by an order') : passCell(resource.pass),
    resource.holdSince ? element('span', { class: 'bad' }, `${number.format(resource.holdMissing)} missing, deletes held`) : '–',
  ]);
  return card('Catalogue', true, table('Catalogue', [
    { name: 'Resource' }, { name: 'Records', number: true }, { name: 'As fresh as' }, { name: 'Last full pass' }, { name: 'Pass at work' }, { name: 'Hold' }], rows));
}

function inboxCard(inbox, now) {
  return card('Webhook inbox', false,
    element('div', { class: 'big' }, number.format(inbox.waiting), inbox.more ? '+' : '', element('span', { class: 'soft note' }, ' to apply')),
    element('p', { class: 'note soft' }, inbox.oldest ? element('span', null, 'The oldest was named ', ago(inbox.oldest, now)) : 'Everything is applied.'),
    inbox.held ? element('p', { class: 'note bad' }, `${number.format(inbox.held)} gone, deletes held`) : null,
    inbox.deadLettered ? element('p', { class: 'note bad' }, `${number.format(inbox.deadLettered)} given up`) : null);
}

function certificatesCard(certificates) {
  if (!certificates.length)
    return card('Certificates', false, element('p', { class: 'soft note' }, 'None so far.'));
  return card('Certificates', false, table('Certificates by state', [{ name: 'State' }, { name: 'Files', number: true }],
    certificates.map(({ state, count, unverified }) => [
      element('span', null, words(state), unverified ? element('span', { class: 'soft' }, ` (${number.format(unverified)} not verified yet)`) : null),
      number.format(count)])));
}

function deliveriesCard(deliveries, now) {
  if (!deliveries.length)
    return card('Last webhooks', true, element('p', { class: 'soft note' }, 'None today or yesterday.'));
  return card('Last webhooks', true, table('Last webhooks', [
    { name: 'Received' }, { name: 'Changes', number: true }, { name: 'Ignored', number: true }, { name: 'Objects', number: true }, { name: 'Bytes', number: true }, { name: 'Delivery' }],
    deliveries.map(delivery => [
      ago(delivery.received, now), number.format(delivery.accepted), number.format(delivery.ignored), number.format(delivery.objects),
      number.format(delivery.bytes), element('code', null, delivery.id)])));
}

function personCard(attention, now) {
  if (!attention.length)
    return null;
  return element('section', { class: 'card person', 'aria-labelledby': 'person' },
    element('h2', { id: 'person' }, 'For a person to look at'),
    element('ul', null, attention.map(item => element('li', null,
      element('strong', null, item.subject), ` (${item.site}): ${item.reason} `, item.since ? element('span', { class: 'soft' }, ago(item.since, now)) : null))));
}

// A fresh picture must not take away what somebody is reading: focus and the tables' scrolling are kept by label.
function redraw(...parts) {
  const regions = () => [...document.querySelectorAll('.scroll')];
  const seen = new Map(regions().map(region => [region.ariaLabel, region.scrollLeft]));
  const focused = document.activeElement?.ariaLabel;
  $('board').replaceChildren(...parts);
  for (const region of regions()) {
    region.scrollLeft = seen.get(region.ariaLabel) ?? 0;
    if (region.ariaLabel === focused)
      region.focus({ preventScroll: true });
  }
}

function show(status) {
  const now = new Date(status.at);
  redraw(...[personCard(status.attention, now), ...status.sites.flatMap(site => [
    element('h2', null, `Site ${site.site}`),
    element('div', { class: 'grid' }, [
      ...site.quota.map(quota => quotaCard(quota, now)), inboxCard(site.inbox, now), certificatesCard(site.certificates),
      catalogueCard(site.catalogue, now), deliveriesCard(site.deliveries, now)]),
  ])].filter(part => part));
  $('fresh').textContent = `As of ${moment.format(now)}`;
  $('trouble').textContent = '';
  $('board').hidden = $('leave').hidden = false;
  $('ask').hidden = true;
}

function ask(reason) {
  sessionStorage.removeItem('key');
  $('board').hidden = $('leave').hidden = true;
  $('ask').hidden = false;
  $('fresh').textContent = $('trouble').textContent = '';
  $('wrong').textContent = reason;
  $('key').value = '';
  $('key').focus();
}

async function refresh() {
  clearTimeout(timer);
  const key = sessionStorage.getItem('key');
  if (!key)
    return ask('');
  try {
    const answer = await fetch('status', { headers: { 'x-access-key': key }, cache: 'no-store' });
    if (answer.status === 401 || answer.status === 403)
      return ask('This key does not open the app.');
    if (!answer.ok)
      throw new Error(`The app answered ${answer.status}.`);
    show(await answer.json());
  } catch (error) {
    $('trouble').textContent = `Not up to date: ${error.message}`;
    $('leave').hidden = false;
  }
  timer = setTimeout(refresh, every);
}

$('ask').addEventListener('submit', event => {
  event.preventDefault();
  sessionStorage.setItem('key', $('key').value.trim());
  refresh();
});
$('leave').addEventListener('click', () => ask(''));
document.addEventListener('visibilitychange', () => document.hidden ? clearTimeout(timer) : refresh());

// A link may bring the key behind the #, which browsers never send anywhere; it does not stay in the address.
const brought = new URLSearchParams(location.hash.slice(1)).get('key');
if (brought) {
  sessionStorage.setItem('key', brought);
  history.replaceState(null, '', location.pathname);
}
refresh();
