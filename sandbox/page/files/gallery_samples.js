// One sample of each kind of block, with what is hard about it.

const plain = (text) => ({type: 'plain_text', text});
const mrkdwn = (text) => ({type: 'mrkdwn', text});
const raw = (text) => ({type: 'raw_text', text});
const option = (label, value = label.toLowerCase(), description) => ({text: plain(label), value, ...(description ? {description: plain(description)} : {})});
const regions = ['EMEA', 'APAC', 'Americas'];
const months = Array.from({length: 12}, (_, month) => `2025-${String(month + 1).padStart(2, '0')}`);
const series = (name, value, categories) => ({name, data: categories.map((label, index) => ({label, value: value(index)}))});
const chartOf = (type, all, categories, labels = {}) => ({type: 'data_visualization', title: `Chart: ${type}`,
                                                          chart: {type, series: all, axis_config: {categories, ...labels}}});
const section = (text) => ({type: 'rich_text_section', elements: [{type: 'text', text}]});
const task = (title, status, more = {}) => ({type: 'task_card', task_id: title, title, status, ...more});
const options = [option('Sales', 'sales', 'orders and customers'), option('Support', 'support', 'tickets'), option('People', 'people')];
const input = (id, label, element, more = {}) => ({type: 'input', block_id: id, label: plain(label), element: {action_id: id, ...element}, ...more});

export const kSamples = [
  {name: 'header', blocks: [{type: 'header', text: plain('Revenue by region :bar_chart:')}]},
  {name: 'section', blocks: [
    {type: 'section', text: mrkdwn('*bold* _italic_ ~strike~ `code` <https://example.com/a?b=1&amp;c=2|a link> <@U1> <@U2> <#C1> <!here> &lt;b&gt; &amp; :tada:\n> a quote\n' +
                                   '```SELECT 1\nWHERE a &lt; 3```\nsnake_case_name 2*3*4 <javascript:alert(1)|no link> https://example.com/bare. End')},
    {type: 'section', block_id: 's2', text: plain('Plain text with *no* formatting'), accessory: {type: 'button', action_id: 'accessory', text: plain('Press'), value: 'yes'}},
    {type: 'section', fields: [mrkdwn('*Space*\nSales'), mrkdwn('*Rows*\n1,234'), mrkdwn('*Took*\n3 s'), mrkdwn('*Asked by*\n<@U2>')]},
    {type: 'section', text: mrkdwn(Array.from({length: 40}, (_, line) => `Line ${line + 1} of a long text that is folded`).join('\n'))},
  ]},
  {name: 'context-divider', blocks: [{type: 'divider'}, {type: 'context', elements: [mrkdwn('Genie can make mistakes.'), mrkdwn('<https://example.com|Open in Databricks>')]}]},
  {name: 'actions', blocks: [{type: 'actions', block_id: 'actions', elements: [
    {type: 'button', action_id: 'b1', text: plain('Plain'), value: '1'},
    {type: 'button', action_id: 'b2', text: plain('Primary'), value: '2', style: 'primary'},
    {type: 'button', action_id: 'b3', text: plain('Danger'), value: '3', style: 'danger',
     confirm: {title: plain('Delete it?'), text: plain('This cannot be undone.'), confirm: plain('Delete'), deny: plain('Keep'), style: 'danger'}},
    {type: 'static_select', action_id: 'static', placeholder: plain('Choose a space'), options},
    {type: 'static_select', action_id: 'groups', placeholder: plain('Grouped'), initial_option: options[0],
     option_groups: [{label: plain('Mine'), options: options.slice(0, 1)}, {label: plain('Others'), options: options.slice(1)}]},
    {type: 'external_select', action_id: 'external', min_query_length: 0, placeholder: plain('Search a space')},
    {type: 'multi_static_select', action_id: 'multi', placeholder: plain('Several'), options, initial_options: options.slice(1, 2)},
    {type: 'users_select', action_id: 'user', placeholder: plain('A person')},
    {type: 'datepicker', action_id: 'date', initial_date: '2025-06-30'},
    {type: 'overflow', action_id: 'more', options: [option('Download CSV', 'csv'), option('Show SQL', 'sql')]},
  ]}]},
  {name: 'context-actions', blocks: [{type: 'context_actions', block_id: 'rate', elements: [
    {type: 'feedback_buttons', action_id: 'rate', positive_button: {text: plain('Good'), value: 'up', accessibility_label: 'Good answer'},
     negative_button: {text: plain('Bad'), value: 'down', accessibility_label: 'Bad answer'}},
    {type: 'icon_button', action_id: 'remove', icon: 'trash', text: plain('Remove'), value: 'x'},
  ]}]},
  {name: 'markdown', blocks: [{type: 'markdown', text: '# Heading\n\nThe **total** is `1,234` – *up 12 %*, ~~not down~~. [A link](https://example.com/a_b(c)) and [none](javascript:alert(1)).\n\n' +
    '- one\n  - nested **bold**\n- two\n\n1. first\n2. second\n\n- [x] done\n- [ ] open\n\n> quoted\n\n| Region | Revenue |\n|:--|--:|\n| EMEA | 1,234 |\n| A \\| B | 2 |\n\n```sql\nSELECT region\nFROM t\n```\n\n---\n<script>alert(1)</script>'}]},
  {name: 'rich-text', blocks: [{type: 'rich_text', elements: [
    {type: 'rich_text_section', elements: [{type: 'text', text: 'Bold ', style: {bold: true}}, {type: 'user', user_id: 'U2'}, {type: 'text', text: ' in '}, {type: 'channel', channel_id: 'C1'}, {type: 'text', text: ' '},
      {type: 'emoji', name: 'wave'}, {type: 'text', text: ' '}, {type: 'link', url: 'https://example.com', text: 'link'}, {type: 'text', text: ' code', style: {code: true}}]},
    {type: 'rich_text_list', style: 'bullet', elements: [section('one'), section('two')]},
    {type: 'rich_text_list', style: 'ordered', indent: 1, elements: [section('first'), section('second')]},
    {type: 'rich_text_preformatted', elements: [{type: 'text', text: 'SELECT 1'}]},
    {type: 'rich_text_quote', elements: [{type: 'text', text: 'quoted'}]},
  ]}]},
  {name: 'table', blocks: [{type: 'table', column_settings: [{align: 'left'}, {align: 'right'}, {is_wrapped: true}],
    rows: [[raw('Region'), raw('Revenue'), raw('Note')], ...regions.map((region, index) => [raw(region), raw(String(1000 * (index + 1))), raw('A longer note that is wrapped within its cell because the column says so')])]}]},
  {name: 'data-table', blocks: [{type: 'data_table', caption: 'Revenue by customer', page_size: 5, row_header_column_index: 0,
    rows: [[raw('Customer'), raw('Revenue'), raw('Orders')], ...Array.from({length: 23}, (_, index) => [raw(`Customer ${index + 1}`),
      {type: 'raw_number', value: (index * 7919) % 1000, text: String((index * 7919) % 1000)}, {type: 'raw_number', value: index % 9, text: String(index % 9)}])]}]},
  {name: 'bar', blocks: [chartOf('bar', [series('2024', (index) => 12000 + index * 2300, regions), series('2025', (index) => 15000 - index * 1500, regions)], regions, {x_label: 'Region', y_label: 'EUR'})]},
  {name: 'line', blocks: [chartOf('line', [series('Revenue', (index) => 100 + 30 * Math.sin(index) + 4 * index, months)], months, {x_label: 'Month', y_label: 'k EUR'})]},
  {name: 'area', blocks: [chartOf('area', [series('A', (index) => 3 + index, regions), series('B', (index) => 5 - 3 * index, regions)], regions)]},
  {name: 'pie', blocks: [{type: 'data_visualization', title: 'A pie chart', chart: {type: 'pie', segments: regions.map((label, index) => ({label, value: 10 * (index + 1)}))}}]},
  {name: 'plan', blocks: [{type: 'plan', title: 'Worked for 12 s', tasks: [
    task('Understand the question', 'complete', {output: {type: 'rich_text', elements: [section('Sales space')]}}),
    task('Run the query', 'in_progress', {details: {type: 'rich_text', elements: [section('SELECT region')]}, sources: [{type: 'url', url: 'https://example.com', text: 'Space'}]}),
    task('Write the answer', 'pending'), task('Broken', 'error')]}, task('A card of its own', 'complete')]},
  {name: 'inputs', blocks: [
    input('text', 'One line', {type: 'plain_text_input', placeholder: plain('Say it')}, {hint: plain('At most 100 characters')}),
    input('broken', 'Several lines', {type: 'plain_text_input', multiline: true, initial_value: 'too short'}),
    input('number', 'A number', {type: 'number_input'}, {optional: true}),
    input('radio', 'One of these', {type: 'radio_buttons', options, initial_option: options[1]}),
    input('boxes', 'Some of these', {type: 'checkboxes', options}),
    input('select', 'From a list', {type: 'static_select', placeholder: plain('Choose'), options}),
  ]},
  {name: 'images', blocks: [{type: 'image', title: plain('A picture of another host is not loaded'), image_url: 'https://example.com/chart.png', alt_text: 'a chart'},
    {type: 'section', text: mrkdwn('With a picture beside it'), accessory: {type: 'image', image_url: 'icon.svg', alt_text: 'the sandbox'}}]},
  {name: 'alert-card', blocks: [{type: 'alert', level: 'warning', text: mrkdwn('*Careful:* this is a warning')},
    {type: 'card', title: plain('A card'), subtitle: plain('with a subtitle'), body: mrkdwn('and a _body_'), actions: [{type: 'button', action_id: 'card', text: plain('Open'), value: '1'}]}]},
  {name: 'file', file: {id: 'F0NONE', name: 'result.csv', title: 'The whole result', mimetype: 'text/csv', size: 12345}},
  {name: 'unknown', blocks: [{type: 'hologram'}, {type: 'actions', elements: [{type: 'lever', action_id: 'x'}]}]},
];
