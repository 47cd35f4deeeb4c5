// The form for people who do not write YAML: Decap CMS with our fields, our way of writing files, and Chinese words.

import { read, write } from './splice.js';

// One line of text, with the words that the site knows on offer.
const word = ({ h, createClass }) => createClass({
  render() {
    const { forID, classNameWrapper, value, field, onChange, setActiveStyle, setInactiveStyle } = this.props;
    const options = field.get('options').toJS();
    const input = {
      type: 'text', id: forID, className: classNameWrapper, value: value || '', list: `${forID}-words`, autoComplete: 'off',
      onChange: event => onChange(event.target.value), onFocus: setActiveStyle, onBlur: setInactiveStyle,
    };
    const offered = options.map(({ value: text, label }) => h('option', { key: text, value: text }, label));
    return h('div', {}, h('input', input), h('datalist', { id: `${forID}-words` }, ...offered));
  },
});

function load(src) {
  return new Promise((resolve, reject) => {
    const script = Object.assign(document.createElement('script'), { src, onload: resolve, onerror: reject });
    document.head.append(script);
  });
}

const [config] = await Promise.all([
  fetch('config.json').then(answer => answer.json()),
  (window.CMS_MANUAL_INIT = true) && load('cms.js'),
]);
const { CMS } = window;
CMS.registerWidget('word', word(window));
for (const collection of config.collections) {
  const { fields } = collection.files?.[0] ?? collection;
  CMS.registerCustomFormat(collection.format, 'yaml', {
    fromFile: text => read(text, fields),
    toFile: values => write(values, fields, collection.head),
  });
}
// Items and lists open wherever their heading is touched, not only at its arrow.
document.addEventListener('click', ({ target }) => {
  if (target.closest('button')) return;
  const heading = target.closest('[class*="-NestedObjectLabel"]')?.previousElementSibling
    ?? target.closest('[class*="-ExpandButtonContainer"]');
  heading?.querySelector('button')?.click();
});
CMS.init({ config });
