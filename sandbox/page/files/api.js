// The way to the sandbox: actions by POST, changes by server-sent events.

export async function post(action, body = {}) {
  const response = await fetch(`/ui/${action}`, {
    method: 'POST',
    headers: {'content-type': 'application/json'},
    body: JSON.stringify(body),
  }).catch(() => {
    throw new Error('The sandbox does not answer. Is it still running?');
  });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(answer.error ?? `The sandbox answered with status ${response.status}.`);
  return answer;
}

export function fileUrl(file) {
  return `/ui/file?id=${encodeURIComponent(file.id)}&name=${encodeURIComponent(file.name ?? file.title ?? 'file')}`;
}

// Listens as `user` until close(). The browser reconnects by itself and then gets a new snapshot.
export function listen(user, {onEvent, onState}) {
  const source = new EventSource(`/ui/events?user=${encodeURIComponent(user)}`);
  for (const name of ['snapshot', 'change', 'controls', 'log'])
    source.addEventListener(name, (event) => onEvent(name, JSON.parse(event.data)));
  source.onopen = () => onState(true);
  source.onerror = () => onState(false);
  return source;
}
