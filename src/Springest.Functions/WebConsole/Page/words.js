// The page's words, in the language of the person; numbers and times follow it.

const languages = ['en', 'nl', 'de'];
export const names = { en: 'English', nl: 'Nederlands', de: 'Deutsch' };

let words = {};
let formats;
export let language = 'en';

export async function speak(wanted) {
  const asked = [wanted, localStorage.getItem('language'), ...navigator.languages].filter(Boolean).map(tag => tag.slice(0, 2).toLowerCase());
  const chosen = asked.find(tag => languages.includes(tag)) ?? 'en';
  const answer = await fetch(`console/${chosen}.json`);
  words = await answer.json();
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

export const has = key => key in words;
export const number = value => formats.number.format(value);
export const moment = time => formats.time.format(new Date(time));
