// What this page says about the sandbox's own workspace.

// Message shortcuts that the app's manifest declares, each {name, callback_id}: shown under "More actions" of a message.
export const kMessageShortcuts = [];

// Questions that the sandbox's Genie answers from its built-in data.
export const kSampleQuestions = [
  'What was our revenue by region last quarter?',
  'How did monthly revenue develop in 2025?',
  'Top 5 customers by revenue in 2025',
];
