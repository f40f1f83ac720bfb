// What this page says about the sandbox's own workspace.

// Message shortcuts that the app's manifest declares, each {name, callback_id}: shown under "More message actions" of a message.
export const kMessageShortcuts = [{name: 'Ask Genie about this', callback_id: 'ask_genie'}];

// Questions that the sandbox's Genie answers from its built-in data.
export const kSampleQuestions = [
  'What was our revenue by region last quarter?',
  'How did monthly revenue develop in 2025?',
  'Top 5 customers by revenue in 2025',
  'Share of revenue by category in 2025',
  'Show every temperature reading',
];
