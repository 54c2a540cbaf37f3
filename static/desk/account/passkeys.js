/* Passkeys: forms marked data-passkey ask the browser for one when they are sent, and send what it answered.
   "add" makes a new one, "confirm" uses one of the account's, "sign-in" whichever the person chooses. */

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));

const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
  .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

const known = (list = []) => list.map((one) => ({ ...one, id: bytes(one.id) }));

async function made(options, passwordless) {
  const selection = { ...options.authenticatorSelection, residentKey: passwordless ? "required" : "discouraged", requireResidentKey: passwordless };
  if (passwordless) selection.userVerification = "required";
  const answer = await navigator.credentials.create({
    publicKey: {
      ...options,
      challenge: bytes(options.challenge),
      user: { ...options.user, id: bytes(options.user.id) },
      excludeCredentials: known(options.excludeCredentials),
      authenticatorSelection: selection,
    },
  });
  const { clientDataJSON, attestationObject } = answer.response;
  return told(answer, { clientDataJSON: text(clientDataJSON), attestationObject: text(attestationObject) });
}

async function shown(options) {
  const answer = await navigator.credentials.get({
    publicKey: { ...options, challenge: bytes(options.challenge), allowCredentials: known(options.allowCredentials) },
  });
  const { clientDataJSON, authenticatorData, signature, userHandle } = answer.response;
  const response = { clientDataJSON: text(clientDataJSON), authenticatorData: text(authenticatorData), signature: text(signature) };
  return told(answer, { ...response, userHandle: userHandle ? text(userHandle) : null });
}

const told = (answer, response) => ({
  id: answer.id,
  rawId: text(answer.rawId),
  type: answer.type,
  clientExtensionResults: answer.getClientExtensionResults(),
  response,
});

async function asked(form) {
  const page = document.getElementById("passkey-data");
  if (page) return JSON.parse(page.textContent);
  const answer = await fetch(form.action, { headers: { Accept: "application/json", "X-Requested-With": "XMLHttpRequest" } });
  if (!answer.ok) throw new Error(`${answer.status}`);
  return answer.json();
}

async function send(form) {
  const data = await asked(form);
  const credential = form.dataset.passkey === "add"
    ? await made(data.creation_options.publicKey, form.elements.passwordless?.checked ?? false)
    : await shown(data.request_options.publicKey);
  form.elements.credential.value = JSON.stringify(credential);
  form.submit();
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!window.PublicKeyCredential) continue;
  const said = form.querySelector(".passkey__said");
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    said.textContent = said.dataset.waits;
    send(form).catch(() => { said.textContent = said.dataset.refused; });
  });
}
