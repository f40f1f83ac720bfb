// The interactive elements of Block Kit. Each tells its context what a person did:
//   context.press(action)               a block_actions action
//   context.values[block_id][action_id] the state of inputs, as Slack sends it
//   context.suggest(block, element, typed)   options of an external select
import {h, icon} from './dom.js';
import {mrkdwn, plainText, textObject, visit} from './mrkdwn.js';
import {confirmed} from './dialogs.js';
import {openChooser, openMenu} from './popover.js';

const textOf = (object) => object?.text ?? '';

function setState(context, block, element, state) {
  const values = (context.values[block.block_id] ??= {});
  values[element.action_id] = {type: element.type, ...state};
}

function stateOf(context, block, element) {
  return context.values[block.block_id]?.[element.action_id];
}

async function act(context, block, element, fields, source) {
  if (element.confirm && !(await confirmed(element.confirm))) return;
  source?.classList.add('busy');
  try {
    await context.press({type: element.type, action_id: element.action_id, block_id: block.block_id, ...fields}, context.values);
  } finally {
    source?.classList.remove('busy');
  }
}

// Inputs of an input block only act when they ask for it; those in actions and sections always do.
const acts = (block) => block.type !== 'input' || block.dispatch_action === true;

function button(element, block, context) {
  const style = element.style === 'primary' || element.style === 'danger' ? ` button-${element.style}` : '';
  const node = h('button', {type: 'button', class: `button${style}`, 'aria-label': element.accessibility_label ?? null, onclick: async () => {
    if (element.url) visit(element.url);
    await act(context, block, element, {text: element.text, value: element.value}, node);
  }}, plainText(textOf(element.text)));
  return node;
}

function toEntry(option) {
  return {label: textOf(option.text), detail: textOf(option.description), value: option.value, option};
}

function toGroups(source) {
  if (source.option_groups?.length)
    return source.option_groups.map((group) => ({label: textOf(group.label), options: (group.options ?? []).map(toEntry)}));
  return [{label: '', options: (source.options ?? []).map(toEntry)}];
}

function filtered(groups, typed) {
  const wanted = typed.toLowerCase();
  return groups.map((group) => ({...group, options: group.options.filter((option) =>
      `${option.label} ${option.detail ?? ''}`.toLowerCase().includes(wanted))}))
    .filter((group) => group.options.length > 0);
}

// Where each kind of select has its options from.
function loader(element, block, context) {
  switch (element.type) {
    case 'external_select':
    case 'multi_external_select':
      return async (typed) => toGroups(await context.suggest(block, element, typed));
    case 'users_select':
      return (typed) => filtered([{label: '', options: context.people()}], typed);
    case 'conversations_select':
    case 'channels_select':
      return (typed) => filtered([{label: '', options: context.channels()}], typed);
    default:
      return (typed) => filtered(toGroups(element), typed);
  }
}

const kChosenField = {users_select: 'selected_user', conversations_select: 'selected_conversation', channels_select: 'selected_channel'};

function select(element, block, context) {
  const field = kChosenField[element.type];
  const initial = field ? element[`initial_${field.slice(9)}`] : element.initial_option;
  if (initial && !stateOf(context, block, element)) setState(context, block, element, {[field ?? 'selected_option']: initial});
  const placeholder = textOf(element.placeholder) || 'Select an option';
  const caption = h('span', {class: 'select-caption'});
  const show = () => {
    const state = stateOf(context, block, element);
    const chosen = state?.selected_option;
    const id = field && state?.[field];
    const label = chosen ? textOf(chosen.text) : id ? [...context.people(), ...context.channels()].find((entry) => entry.value === id)?.label : '';
    caption.replaceChildren(...plainText(label || placeholder));
    node.classList.toggle('empty', !label);
  };
  const node = h('button', {type: 'button', class: 'button select', 'aria-haspopup': 'listbox', 'aria-expanded': 'false', 'aria-label': placeholder,
                            onclick: () => openChooser(node, {
    label: placeholder,
    load: loader(element, block, context),
    minLength: element.type === 'external_select' ? element.min_query_length ?? 3 : 0,
    selected: stateOf(context, block, element)?.selected_option?.value,
    choose: (entry) => {
      const fields = field ? {[field]: entry.value} : {selected_option: entry.option};
      setState(context, block, element, fields);
      show();
      if (acts(block)) act(context, block, element, fields, node);
    },
  })}, caption, icon('chevron', 16));
  show();
  return node;
}

function multiSelect(element, block, context) {
  const chosen = () => stateOf(context, block, element)?.selected_options ?? [];
  if (element.initial_options && !stateOf(context, block, element)) setState(context, block, element, {selected_options: element.initial_options});
  const box = h('div', {class: 'multi-select'});
  const change = (options) => {
    setState(context, block, element, {selected_options: options});
    show();
    if (acts(block)) act(context, block, element, {selected_options: options}, box);
  };
  const show = () => {
    const add = h('button', {type: 'button', class: 'button select empty', 'aria-haspopup': 'listbox', onclick: () => openChooser(add, {
      label: textOf(element.placeholder) || 'Select options',
      load: loader(element, block, context),
      minLength: element.type === 'multi_external_select' ? element.min_query_length ?? 3 : 0,
      choose: (entry) => change([...chosen().filter((option) => option.value !== entry.value), entry.option]),
    })}, h('span', {class: 'select-caption'}, textOf(element.placeholder) || 'Select options'), icon('chevron', 16));
    box.replaceChildren(...chosen().map((option) =>
        h('span', {class: 'chip'}, textOf(option.text), h('button', {type: 'button', 'aria-label': `Remove ${textOf(option.text)}`,
          onclick: () => change(chosen().filter((other) => other.value !== option.value))}, '×'))), add);
  };
  show();
  return box;
}

function overflow(element, block, context) {
  const node = h('button', {type: 'button', class: 'button overflow', 'aria-label': 'More for this answer', 'aria-haspopup': 'menu', 'aria-expanded': 'false',
                            onclick: () => openMenu(node, 'More for this answer', (element.options ?? []).map((option) => ({
    label: textOf(option.text),
    run: () => {
      if (option.url) visit(option.url);
      act(context, block, element, {selected_option: option}, node);
    },
  })))}, icon('more', 18));
  return node;
}

// Radio buttons and checkboxes.
function choices(element, block, context) {
  const many = element.type === 'checkboxes';
  const initial = many ? element.initial_options : element.initial_option;
  if (initial && !stateOf(context, block, element)) setState(context, block, element, many ? {selected_options: initial} : {selected_option: initial});
  const state = stateOf(context, block, element);
  const isChosen = (option) => many ? (state?.selected_options ?? []).some((other) => other.value === option.value)
                                    : state?.selected_option?.value === option.value;
  const group = `${context.id}-${block.block_id}-${element.action_id}`;
  const inputs = (element.options ?? []).map((option) => {
    const input = h('input', {type: many ? 'checkbox' : 'radio', name: group, checked: isChosen(option), onchange: () => {
      const fields = many ? {selected_options: inputs.filter((entry) => entry.input.checked).map((entry) => entry.option)}
                          : {selected_option: option};
      setState(context, block, element, fields);
      if (acts(block)) act(context, block, element, fields);
    }});
    return {input, option};
  });
  return h('div', {class: 'choices', role: many ? 'group' : 'radiogroup'}, inputs.map(({input, option}) =>
      h('label', {class: 'choice'}, input, h('span', {}, textObject(option.text),
        option.description ? h('span', {class: 'choice-detail'}, textObject(option.description)) : null))));
}

const kInputTypes = {datepicker: 'date', timepicker: 'time', number_input: 'number', email_text_input: 'email', url_text_input: 'url', plain_text_input: 'text'};

// Fields that are typed into.
function field(element, block, context) {
  const key = {datepicker: 'selected_date', timepicker: 'selected_time'}[element.type] ?? 'value';
  const initial = element.initial_value ?? element.initial_date ?? element.initial_time;
  if (initial && !stateOf(context, block, element)) setState(context, block, element, {[key]: initial});
  const properties = {
    class: 'text-field',
    placeholder: textOf(element.placeholder) || null,
    'aria-label': context.label ?? (textOf(element.placeholder) || null),
    maxlength: element.max_length ?? null,
    value: stateOf(context, block, element)?.[key] ?? '',
    oninput: () => setState(context, block, element, {[key]: node.value || null}),
    onchange: () => {
      if (key !== 'value' && acts(block)) act(context, block, element, {[key]: node.value});
    },
    onkeydown: (event) => {
      const triggers = element.dispatch_action_config?.trigger_actions_on ?? ['on_enter_pressed'];
      if (event.key === 'Enter' && !element.multiline && key === 'value' && acts(block) && triggers.includes('on_enter_pressed'))
        act(context, block, element, {value: node.value});
    },
  };
  const node = element.multiline ? h('textarea', {...properties, rows: 4}) : h('input', {...properties, type: kInputTypes[element.type] ?? 'text'});
  if (element.multiline) node.value = properties.value;
  if (element.focus_on_load) queueMicrotask(() => node.focus());
  return node;
}

// What each person rated, by message: a mark stays while the message changes around it, whatever its blocks are called.
const marks = new Map();

function feedback(element, block, context) {
  const place = `${context.me()} ${context.id} ${element.action_id}`;
  const remembered = marks.get(place);
  const make = (choice, name, fallback) => {
    const label = choice?.accessibility_label ?? (textOf(choice?.text) || fallback);
    const node = h('button', {type: 'button', class: 'icon-button feedback', 'aria-label': label, title: textOf(choice?.text) || label,
                              'aria-pressed': String(remembered !== undefined && remembered === choice?.value), onclick: () => {
      for (const other of both) other.setAttribute('aria-pressed', String(other === node));
      marks.set(place, choice?.value);
      act(context, block, element, {value: choice?.value, text: choice?.text}, node);
    }}, icon(name, 18));
    return node;
  };
  const both = [make(element.positive_button, 'thumbUp', 'Good answer'), make(element.negative_button, 'thumbDown', 'Bad answer')];
  return h('span', {class: 'feedback-buttons', role: 'group', 'aria-label': 'Rate this answer'}, both);
}

function iconElement(element, block, context) {
  if (element.visible_to_user_ids && !element.visible_to_user_ids.includes(context.me())) return null;
  const label = element.accessibility_label ?? textOf(element.text);
  return h('button', {type: 'button', class: 'icon-button', 'aria-label': label, title: label, onclick: (event) =>
      act(context, block, element, {value: element.value}, event.currentTarget)}, icon(element.icon === 'trash' ? 'trash' : 'more', 18));
}

const kRenderers = {
  button, workflow_button: button, overflow, feedback_buttons: feedback, icon_button: iconElement,
  static_select: select, external_select: select, users_select: select, conversations_select: select, channels_select: select,
  multi_static_select: multiSelect, multi_external_select: multiSelect, radio_buttons: choices, checkboxes: choices,
  plain_text_input: field, number_input: field, email_text_input: field, url_text_input: field, datepicker: field, timepicker: field,
};

const kPressed = ['button', 'workflow_button', 'overflow', 'icon_button', 'feedback_buttons'];

// Whether all there is to do with these is to press them, so that arrows are free to go from one to the next.
export function areAllPressed(elements) {
  return elements.length > 0 && elements.every((element) => kPressed.includes(element?.type));
}

// An element that people use; undefined when the kind is not known.
export function interactive(element, block, context) {
  return kRenderers[element?.type]?.(element, block, context);
}

export function helpText(object) {
  return object ? h('div', {class: 'hint'}, object.type === 'mrkdwn' ? mrkdwn(object.text) : plainText(object.text)) : null;
}
