"use strict";
// Shows pairs one at a time; every verdict goes to the program at once, which keeps the file.
(async () => {
  const find = id => document.getElementById(id);
  const pairs = await (await fetch("pairs.json")).json();
  let at = Math.max(0, pairs.findIndex(pair => pair.is_copy === null));

  const buttons = pairs.map((pair, number) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = pair.score.toFixed(4);
    button.addEventListener("click", () => show(number));
    const item = document.createElement("li");
    item.append(button);
    find("list").append(item);
    return button;
  });

  function paint(number) {
    const verdict = pairs[number].is_copy;
    buttons[number].className = verdict === true ? "same" : verdict === false ? "other" : "";
  }

  function show(number) {
    at = Math.min(Math.max(number, 0), pairs.length - 1);
    const pair = pairs[at];
    find("left").src = `left/${at}`;
    find("right").src = `right/${at}`;
    find("left-name").textContent = `${pair.set}/${pair.file}`;
    find("right-name").textContent = pair.crawl;
    find("meter").value = pair.score;
    find("number").textContent = pair.score.toFixed(4);
    find("limit").textContent = pair.is_over ? "at or over the threshold" : "under the threshold";
    find("copy").setAttribute("aria-pressed", pair.is_copy === true);
    find("different").setAttribute("aria-pressed", pair.is_copy === false);
    buttons.forEach((button, other) => button.setAttribute("aria-current", other === at));
    const done = pairs.filter(other => other.is_copy !== null).length;
    find("progress").textContent = `Pair ${at + 1} of ${pairs.length}, ${done} judged`;
    document.body.dataset.at = at;
    document.body.dataset.done = done;
  }

  async function judge(verdict) {
    const number = at;
    const answer = await fetch(`verdicts/${number}`, {
      method: "PUT", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ is_copy: verdict }),
    }).catch(() => null);
    const isSaved = answer !== null && answer.ok;
    find("fault").hidden = isSaved;
    find("fault").textContent = isSaved ? "" : "The verdict was not saved: is 'wit dedup review' still running?";
    if (!isSaved)
      return;
    pairs[number].is_copy = verdict;
    paint(number);
    show(verdict === null ? number : number + 1);
  }

  const actions = { copy: () => judge(true), different: () => judge(false), undo: () => judge(null), back: () => show(at - 1), next: () => show(at + 1) };
  const keys = { s: "copy", d: "different", u: "undo", ArrowLeft: "back", ArrowRight: "next" };
  for (const [id, action] of Object.entries(actions))
    find(id).addEventListener("click", action);
  document.addEventListener("keydown", event => {
    const action = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (action === undefined || event.ctrlKey || event.metaKey || event.altKey)
      return;
    event.preventDefault();
    actions[action]();
  });

  find("main").hidden = false;
  pairs.forEach((_, number) => paint(number));
  show(at);
})();
