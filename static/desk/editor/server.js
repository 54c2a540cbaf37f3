/** What the editor asks the server for. Every call resolves to the answer's JSON or throws. */

async function answer(response) {
  const data = await response.json();
  if (!response.ok) throw Object.assign(new Error(response.statusText), { refused: data.error });
  return data;
}

export async function ask(address, values) {
  const url = new URL(address, document.baseURI);
  url.search = new URLSearchParams(values).toString();
  return answer(await fetch(url, { headers: { Accept: "application/json" } }));
}

export async function send(address, values, form) {
  const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
  const body = new URLSearchParams(values);
  return answer(await fetch(address, { method: "POST", body, headers: { "X-CSRFToken": token } }));
}

/** Descriptions of library pictures by id, each asked for once, many in one request. */
export class Library {
  constructor(address) {
    this.address = address;
    this.known = new Map();
    this.waiting = new Map();
  }

  remember(pictures) {
    for (const picture of pictures) this.known.set(String(picture.id), picture);
  }

  /** The picture, or null if the library has none of that id. */
  picture(id) {
    if (this.known.has(id)) return Promise.resolve(this.known.get(id));
    if (!this.waiting.size) setTimeout(() => this.fetch(), 0);
    if (!this.waiting.has(id)) {
      let settle;
      const promise = new Promise((resolve) => (settle = resolve));
      this.waiting.set(id, { promise, settle });
    }
    return this.waiting.get(id).promise;
  }

  async fetch() {
    const asked = this.waiting;
    this.waiting = new Map();
    try {
      this.remember((await ask(this.address, { ids: [...asked.keys()].join(",") })).pictures);
    } finally {
      for (const [id, { settle }] of asked) settle(this.known.get(id) ?? null);
    }
  }

  async find(words, page) {
    const found = await ask(this.address, { q: words, page });
    this.remember(found.pictures);
    return found;
  }
}
