// Requests to the app. The key is kept for this tab, goes in a header, and never into an address.

const header = 'x-access-key';

export const key = {
  get: () => sessionStorage.getItem('key'),
  set: value => value ? sessionStorage.setItem('key', value) : sessionStorage.removeItem('key'),
};

export class Refused extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

export async function send(method, path, { body, headers, etag } = {}) {
  const answer = await fetch(path, {
    method, body, cache: 'no-store', credentials: 'omit', referrerPolicy: 'no-referrer',
    headers: { [header]: key.get() ?? '', ...(etag ? { 'if-none-match': etag } : {}), ...headers },
  });
  if (answer.ok || answer.status === 304)
    return answer;
  const problem = answer.headers.get('content-type')?.includes('json') ? await answer.json() : null;
  throw new Refused(answer.status, problem?.detail ?? `${answer.status} ${answer.statusText}`);
}

export const get = async path => (await send('GET', path)).json();

export async function post(path, content) {
  const answer = await send('POST', path, content === undefined ? {} : {
    body: JSON.stringify(content), headers: { 'content-type': 'application/json' },
  });
  const text = await answer.text();
  return text ? JSON.parse(text) : null;
}

export const part = encodeURIComponent;
