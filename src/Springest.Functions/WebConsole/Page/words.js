// The page's words, in the language of the person; numbers and times follow it.

const languages = ['en', 'nl', 'de'];
export const names = { en: 'English', nl: 'Nederlands', de: 'Deutsch' };

let words = {};
let reasons = {};
let formats;
export let language = 'en';

export async function speak(wanted) {
  const asked = [wanted, localStorage.getItem('language'), ...navigator.languages].filter(Boolean).map(tag => tag.slice(0, 2).toLowerCase());
  const chosen = asked.find(tag => languages.includes(tag)) ?? 'en';
  [words, reasons] = await Promise.all([`console/${chosen}.json`, `console/reasons-${chosen}.json`].map(async file => (await fetch(file)).json()));
  language = document.documentElement.lang = chosen;
  if (wanted)
    localStorage.setItem('language', chosen);
  formats = {
    number: new Intl.NumberFormat(chosen),
    time: new Intl.DateTimeFormat(chosen, { dateStyle: 'medium', timeStyle: 'short' }),
  };
}

export function t(key, values) {
  const text = words[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (_, name) => {
    const value = values?.[name];
    return typeof value === 'number' ? formats.number.format(value) : `${value ?? ''}`;
  });
}

// What the app says of a certificate or a file, in the language of the reader; as it is where the app did not say it itself.
export function reason(said) {
  const [text, known] = [said.message ?? said.reason ?? '', reasons[said.code]];
  if (!known || !said.values || said.code === 'refused_by_springest')
    return text;
  const sentence = known.replace(/\{(\d)(?::(\w+))?\}/g, (_, place, kind) => {
    const value = said.values[place] ?? '';
    return kind === 'cause' ? cause(value) : kind === 'time' && !Number.isNaN(Date.parse(value)) ? moment(value) : value;
  });
  const place = !said.list || !said.line ? '{0}' : reasons[said.column ? 'place_cell' : said.list.endsWith('.csv') ? 'place_line' : 'place_row'];
  const parts = place === '{0}' ? [sentence] : said.column ? [said.list, said.line, said.column, sentence] : [said.list, said.line, sentence];
  return place.replace(/\{(\d)\}/g, (_, part) => parts[part]);
}

function cause(value) {
  const [name, ...parts] = value.split('|');
  const status = /^\d{3}$/.exec(value)?.[0];
  const known = reasons[`cause_${name}`] ?? (status ? reasons.cause_status : value);
  return known.replace(/\{(\d)\}/g, (_, place) => (status && !reasons[`cause_${name}`] ? [status] : parts)[place] ?? '');
}

export const has = key => key in words;
export const number = value => formats.number.format(value);
export const moment = time => formats.time.format(new Date(time));
