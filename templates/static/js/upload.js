// Several files at once: they are sent one after the other to the form's own address,
// each like the plain form sends one, and how far it is stands there. Without this
// script a person chooses one file at a time.
export function bindUpload(form) {
  const field = form.querySelector("input[type=file]");
  const state = form.querySelector("[data-upload-state]");
  const line = state.querySelector("p");
  const bar = state.querySelector("progress");
  const failed = form.querySelector("[data-upload-failed]");
  field.multiple = true;
  form.querySelector("[data-upload-many]").hidden = false;

  form.addEventListener("submit", async (event) => {
    if (field.files.length < 2) return; // as without a script
    event.preventDefault();
    const button = form.querySelector("button.button-primary");
    button.disabled = true;
    state.hidden = false;
    const problems = [];
    const files = [...field.files];
    for (const [i, file] of files.entries()) {
      const doing = line.dataset.doing.replace("#", i + 1).replace("*", files.length) + file.name;
      if (line.textContent !== doing) line.textContent = doing;
      const problem = await send(file);
      if (problem) problems.push(problem.text);
      if (problem?.last) break;
    }
    state.hidden = true;
    button.disabled = false;
    if (problems.length === 0) { location.reload(); return; }
    delete form.dataset.sent;
    field.value = "";
    failed.querySelector("ul").replaceChildren(...problems.map((text) => {
      const item = document.createElement("li");
      item.textContent = text;
      return item;
    }));
    failed.hidden = false;
    failed.focus();
  });

  const word = (name, file) => form.querySelector(`template[data-line="${name}"]`).content.textContent.replace("#", file.name);

  // send answers with what went wrong; fetch would not tell how far it is.
  function send(file) {
    return new Promise((resolve) => {
      const request = new XMLHttpRequest();
      request.open("POST", form.action);
      request.setRequestHeader("Accept", "application/json");
      bar.value = 0;
      request.upload.onprogress = ({ loaded, total }) => { bar.value = total ? (100 * loaded) / total : 0; };
      request.onerror = () => resolve({ text: word("offline", file), last: true });
      request.onload = () => {
        if (request.status === 401 || request.responseURL.includes("/sign-in")) return resolve({ text: word("signedout", file), last: true });
        if (request.status === 200) return resolve(null);
        let text = word("offline", file);
        try { text = JSON.parse(request.responseText).error || text; } catch { /* no answer of ours */ }
        resolve({ text });
      };
      const body = new FormData();
      body.append(field.name, file);
      request.send(body);
    });
  }
}
