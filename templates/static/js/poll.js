// A recorded decision that is not yet applied: ask again, and move on as soon as
// there is an answer. Without scripts the page refreshes itself.
export function bindPolling(element) {
  let pause = 1000;
  const ask = async () => {
    try {
      const answer = await fetch(element.dataset.poll, { headers: { Accept: "application/json" }, cache: "no-store" });
      if (answer.ok) {
        const state = await answer.json();
        if (state.url) return location.replace(state.url);
      }
    } catch {
      // Off line: the decision is recorded, so simply ask later.
    }
    pause = Math.min(pause * 1.5, 10000);
    setTimeout(ask, pause);
  };
  setTimeout(ask, pause);
}
