/** What the queue asks the server for. What could not be reached, or is no JSON, has the body `null`. */

async function read(response) {
  try {
    return { ok: response.ok, body: response.redirected ? null : await response.json() };
  } catch {
    return { ok: false, body: null }; // signed out, or a proxy's page
  }
}

const headers = { Accept: "application/json" };

/** GET an address. */
export async function ask(address) {
  try {
    return await read(await fetch(address, { headers }));
  } catch {
    return { ok: false, body: null };
  }
}

/** POST pairs of names and values. */
export async function send(address, pairs, token) {
  try {
    const body = new URLSearchParams(pairs);
    return await read(await fetch(address, { method: "POST", body, headers: { ...headers, "X-CSRFToken": token } }));
  } catch {
    return { ok: false, body: null };
  }
}
