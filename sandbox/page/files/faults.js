// The fault switches in plain words, and what each one sets.

const k2026Blocks = ['data_table', 'data_visualization', 'task_card', 'plan', 'alert', 'card', 'carousel', 'container'];
const kRichBlocks = [...k2026Blocks, 'table', 'markdown', 'context_actions', 'image'];

const flag = (key, label, detail) => ({label, detail, isOn: (now) => Boolean(now[key]), change: (on) => ({[key]: on})});

const refuses = (now, type) => (now.refused_blocks ?? []).includes(type);

const kUpdateLimit = {method: 'chat.update', http_status: 429, retry_after: 30, times: 1000000};
const isUpdateLimit = (entry) => entry.method === 'chat.update' && entry.times > 100000;

export const kSlackSwitches = [
  {label: 'Refuse every block of 2026', detail: 'sortable tables, native charts, task cards: an older workspace', isOn: (now) => refuses(now, 'data_table'),
   change: (on) => ({refused_blocks: on ? k2026Blocks : []})},
  {label: 'Refuse rich blocks', detail: 'all tables, charts, pictures and Markdown are answered with invalid_blocks', isOn: (now) => refuses(now, 'table'),
   change: (on) => ({refused_blocks: on ? kRichBlocks : []})},
  {label: 'Rate-limit every update', detail: 'chat.update always answers 429 with Retry-After 30 s', isOn: (now) => (now.calls ?? []).some(isUpdateLimit),
   change: (on, now) => ({calls: [...(now?.calls ?? []).filter((entry) => !isUpdateLimit(entry)), ...(on ? [kUpdateLimit] : [])]})},
  {label: 'Pictures take 5 s', detail: 'until then an uploaded picture is no valid slack_file', isOn: (now) => (now.picture_time_ms ?? 0) > 0, change: (on) => ({picture_time_ms: on ? 5000 : 0})},
  flag('no_streaming', 'No streaming', 'the stream methods are unknown, as in older workspaces'),
  flag('keeps_streamed', 'Keep what was streamed', 'it stays above what chat.update sets later'),
  flag('duplicate_envelopes', 'Deliver everything twice', 'every envelope comes two times'),
  flag('both_mention_events', 'Two events per mention', 'the message event comes before the mention'),
  flag('silent', 'Silent socket', 'no pings, no answers, but the connection stays open'),
  flag('no_hello', 'No hello on new sockets'),
  flag('fragment_messages', 'Messages in fragments'),
  {label: 'Refuse new sockets', detail: 'apps.connections.open fails', isOn: (now) => (now.open_http_500 ?? 0) > 0, change: (on) => ({open_http_500: on ? 1000000 : 0})},
];

const call = (fields) => ({method: '*', times: 1, ...fields});

export const kSlackOnce = [
  {label: 'Rate-limit 3 calls', detail: '429 with Retry-After 3 s', call: call({http_status: 429, retry_after: 3, times: 3})},
  {label: 'Fail the next 3 calls', detail: 'status 503', call: call({http_status: 503, times: 3})},
  {label: 'Lose the answer of a post', detail: 'the message is posted, but the bot does not hear so', call: call({method: 'chat.postMessage', reset_after: true})},
  {label: 'Slow next 5 calls', detail: 'each 5 s late', call: call({delay: 5000, times: 5})},
  {label: 'Refuse the next update', detail: 'chat.update answers message_not_found', call: call({method: 'chat.update', error: 'message_not_found'})},
];

export const kSocketButtons = [
  {label: 'Drop all sockets', what: 'reset', said: 'Sockets dropped'},
  {label: 'Ask to refresh', what: 'refresh', said: 'Asked to refresh'},
  {label: 'Warn of closing', what: 'warning', said: 'Warned'},
  {label: 'Switch Socket Mode off', what: 'link_disabled', said: 'Said link_disabled'},
  {label: 'Send garbage', what: 'garbage', said: 'Garbage sent'},
];

export const kGenieOutcomes = [
  ['FAILED', 'fails'],
  ['CANCELLED', 'is cancelled'],
  ['QUERY_RESULT_EXPIRED', 'has an expired result'],
  ['SQL_FAILED', 'has a failing query'],
  ['MISSING_RESULT', 'has no result'],
  ['SELF_CORRECTION', 'corrects itself first'],
  ['WAREHOUSE', 'waits for the warehouse'],
  ['HANG', 'never ends'],
  ['FAILED_WITH_SUGGESTIONS', 'fails but suggests others'],
  ['THINKING', 'tells its thoughts on the way'],
  ['CHUNKS', 'has a result in many chunks'],
  ['EXTERNAL_LINKS', 'has a result behind links'],
  ['RESULT_CLOSED', 'has a closed result'],
  ['LEGACY', 'comes in an older shape'],
  ['UNKNOWN_STATUS', 'has a status nobody knows'],
  ['NULL_ATTACHMENTS', 'has no attachments'],
  ['TYPED_ARRAY', 'has typed values'],
  ['BLOCK_MULTIPLE', 'is refused beside another one'],
];

export const kGenieSwitches = [
  {key: 'expire_tokens', label: 'Refuse old tokens', detail: 'every token minted before is refused'},
  {key: 'no_charts', label: 'No charts of Genie’s own', detail: 'their download (Beta) is refused'},
  {key: 'login_redirect', label: 'Redirect to the login page', detail: 'as with a wrong host'},
];

const genieCall = (fields) => ({path: '/api/2.0/genie', times: 1, ...fields});

export const kGenieOnce = [
  {label: 'Rate-limit 3 calls', detail: '429 with Retry-After 3 s', call: genieCall({http_status: 429, retry_after: 3, times: 3})},
  {label: 'Fail 3 calls', detail: 'status 503', call: genieCall({http_status: 503, times: 3})},
  {label: 'Lose the answer of a question', detail: 'the question is taken, but the bot does not hear so', call: genieCall({path: 'POST /api/2.0/genie/spaces', reset_after: true})},
  {label: 'Slow next 5 calls', detail: 'each 5 s late', call: genieCall({delay: 5000, times: 5})},
  {label: 'No permission', detail: 'status 403', call: genieCall({http_status: 403, error_code: 'PERMISSION_DENIED'})},
];
