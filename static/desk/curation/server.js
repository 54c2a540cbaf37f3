/** What the desk asks the server for. An answer is always its JSON; what could not be reached is `null`. */

async function told(response) {
  if (response.status === 204) return {};
  try {
    return await response.json();
  } catch {
    return null; // signed out, or a proxy's page
  }
}

/** GET with `values` in the address. */
export async function ask(address, values, options = {}) {
  const url = new URL(address, document.baseURI);
  url.search = new URLSearchParams(values).toString();
  try {
    return await told(await fetch(url, { headers: { Accept: "application/json" }, ...options }));
  } catch (error) {
    if (error.name === "AbortError") throw error;
    return null;
  }
}

/** POST of `values`. */
export async function send(address, values, token) {
  const headers = { Accept: "application/json", "X-CSRFToken": token };
  try {
    return await told(await fetch(address, { method: "POST", body: new URLSearchParams(values), headers }));
  } catch {
    return null;
  }
}
