// The fault switches in plain words, and what each one sets.

const kRichBlocks = ['data_table', 'data_visualization', 'table', 'markdown', 'context_actions', 'plan', 'task_card'];

const flag = (key, label, detail) => ({label, detail, isOn: (now) => Boolean(now[key]), change: (on) => ({[key]: on})});

export const kSlackSwitches = [
  {label: 'Refuse rich blocks', detail: 'tables, charts and Markdown are answered with invalid_blocks', isOn: (now) => (now.refused_blocks ?? []).length > 0,
   change: (on) => ({refused_blocks: on ? kRichBlocks : []})},
  flag('no_streaming', 'No streaming', 'the stream methods are unknown, as in older workspaces'),
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
