// The simulator's control API over HTTP: one call each, and one stream of events that is taken up
// again after every break.

async function call(path, options) {
  const answer = await fetch(path, { cache: "no-store", ...options });
  let body = null;
  try { body = await answer.json(); } catch { /* an error page is not JSON */ }
  if (!answer.ok) throw new Error((body && body.error) || `HTTP ${answer.status}`);
  return body;
}

export const get = (path) => call(path);

export const post = (path, data) =>
  call(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(data ?? {}),
  });

export const act = (person, verb, rest) => post("/sim/act", { person, do: verb, ...rest });
export const fileUrl = (id) => `/sim/files/${encodeURIComponent(id)}`;

const RETRY_MS = 1000;

/**
 * Follow the events after `start()`'s number, for ever.
 * @param {() => Promise<number>} start loads everything anew and gives the number to go on from;
 *   called first, after every lost connection, and when the server says it no longer knows.
 * @param {(event: object) => void} take is given each event once, in order.
 * @param {(connected: boolean) => void} tell hears whether the simulator can be reached.
 */
export function follow(start, take, tell) {
  let source = null;

  function again() {
    if (source) source.close();
    source = null;
    setTimeout(connect, RETRY_MS);
  }

  async function connect() {
    let last;
    try {
      last = await start();
    } catch (error) {
      tell(false);
      if (!(error instanceof TypeError)) console.warn(error.message);
      again();
      return;
    }
    tell(true);
    source = new EventSource(`/sim/events?after=${last}`);
    source.onmessage = (message) => {
      const event = JSON.parse(message.data);
      if (event.type === "reset") {
        source.close();
        connect();
        return;
      }
      take(event);
    };
    source.onerror = again;
  }

  connect();
}
