/** Talking to the server while somebody types. An answer is `{ outcome, ... }`; `gone` when nobody answered, `out` when signed out. */

const headers = { Accept: "application/json" };

async function read(response) {
  if (response.redirected) return { outcome: "out" };
  try {
    return { ...(await response.json()), status: response.status };
  } catch {
    return { outcome: response.status === 403 ? "token" : "gone" };
  }
}

async function sent(address, options) {
  try {
    return await read(await fetch(address, { headers, signal: AbortSignal.timeout(10_000), ...options }));
  } catch {
    return { outcome: "gone" };
  }
}

const token = (form) => form.elements.csrfmiddlewaretoken;

/** POST pairs. When somebody signed in again in another tab, this form's token is old: it takes the new one and repeats. */
export async function post(form, address, pairs, fresh) {
  const body = () => new URLSearchParams([...pairs, ["csrfmiddlewaretoken", token(form).value]]);
  const answer = await sent(address, { method: "POST", body: body() });
  if (answer.outcome !== "token" || !fresh) return answer;
  const known = await sent(fresh, {});
  if (!known.token) return { outcome: known.outcome === "out" ? "out" : "gone" };
  for (const field of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) field.value = known.token;
  return sent(address, { method: "POST", body: body() });
}

/** The last word of a window that closes: nobody waits for an answer. */
export function leave(form, address, pairs) {
  navigator.sendBeacon(address, new URLSearchParams([...pairs, ["csrfmiddlewaretoken", token(form).value]]));
}
