// What can be attached to a message, each as a small panel of its own.

import { h, icon } from "./dom.js";
import { t } from "./i18n.js";
import { mapPicker } from "./map.js";
import { store } from "./store.js";

const SAMPLES = { streetlight: "💡", pothole: "🚧", rubbish: "🗑️", leak: "💧", tree: "🌳", wall: "🧱" };
const LARGEST_MB = 60;

export function attachMenu(phone) {
  const close = phone.sheet(t("attach"), h("div.attach-grid.sheet-body", {}, [
    ["photo", "attach_photo", () => photoSheet(phone)],
    ["photo", "attach_photo_file", () => photosFromDisk(phone)],
    ["voice", "attach_voice", () => voiceSheet(phone)],
    ["pin", "attach_place", () => placeSheet(phone)],
    ["file", "attach_document", () => documentSheet(phone)],
    ["file", "attach_document_file", () => documentFromDisk(phone)],
    ["sticker", "attach_sticker", () => phone.send("sends_sticker")],
    ["contact", "attach_contact", () => phone.send("sends_contact")],
  ].map(([name, label, run]) => h("button.attach-item", {
    "data-testid": label, onclick: () => { close(); run(); },
  }, h("span.round", {}, icon(name)), t(label)))));
}

const field = (label, input) => h("label.field-row", {}, h("span", {}, label), input);

function form(phone, title, parts, send) {
  const close = phone.sheet(title, h("form.sheet-body.stacked", {
    onsubmit: (event) => { event.preventDefault(); if (send() !== false) close(); },
  }, parts, h("button.main", { type: "submit", "data-testid": "sheet-send" }, t("send"))));
}

function photoSheet(phone) {
  const count = h("input", { type: "number", min: 1, max: 10, value: "1", required: true });
  const caption = h("input", { type: "text", maxlength: 1024, dir: "auto" });
  const choices = Object.entries(SAMPLES).map(([name, sign], i) => h("label.choice", {},
    h("input", { type: "radio", name: "sample", value: name, checked: i === 0 }),
    h("span", {}, h("span", { "aria-hidden": "true" }, sign), t(`sample_${name}`))));
  form(phone, t("attach_photo"), [
    h("fieldset.choices", {}, h("legend", {}, t("photo_which")), choices),
    field(t("photo_how_many"), count),
    field(t("photo_caption"), caption),
  ], () => {
    const sample = choices.map((one) => one.firstChild).find((one) => one.checked).value;
    phone.send("sends_photo", {
      sample, count: count.valueAsNumber, ...(caption.value ? { caption: caption.value } : {}),
    });
  });
}

function voiceSheet(phone) {
  const seconds = h("input", { type: "number", min: 1, max: 300, value: "5", required: true, autofocus: true });
  form(phone, t("attach_voice"), [field(t("voice_seconds"), seconds)],
    () => { phone.send("sends_voice", { duration: seconds.valueAsNumber }); });
}

function documentSheet(phone) {
  const name = h("input", { type: "text", value: "documento.pdf", required: true, maxlength: 120, dir: "auto" });
  const size = h("input", { type: "number", value: "1", min: 0, max: LARGEST_MB, step: "any", required: true });
  form(phone, t("attach_document"), [field(t("document_name"), name), field(t("document_size"), size)], () => {
    const megabytes = size.valueAsNumber;
    if (!(megabytes >= 0 && megabytes <= LARGEST_MB)) { phone.toast(t("size_wrong")); return false; }
    phone.send("sends_document", { name: name.value, size: Math.round(megabytes * 1e6) });
    return true;
  });
}

/** A file's bytes in base64, without the "data:" in front. */
function base64(file) {
  return new Promise((done, fail) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result.slice(reader.result.indexOf(",") + 1));
    reader.onerror = () => fail(reader.error);
    reader.readAsDataURL(file);
  });
}

function pick(phone, accept, multiple, use) {
  const input = h("input.hidden", {
    type: "file", accept, multiple, "data-testid": "file-input",
    onchange: async () => {
      try { await use([...input.files]); } catch { phone.toast(t("file_read_failed")); }
      input.remove();
    },
    oncancel: () => input.remove(),
  });
  document.body.append(input);
  input.click();
}

function photosFromDisk(phone) {
  pick(phone, "image/*", true, async (files) => {
    const chosen = files.slice(0, 10);
    const images = await Promise.all(chosen.map(base64));
    if (images.length) await phone.send("sends_photo", { base64: images });
  });
}

function documentFromDisk(phone) {
  pick(phone, "", false, async ([file]) => {
    if (!file) return;
    await phone.send("sends_document", { name: file.name, base64: await base64(file), mime: file.type || null });
  });
}

/** Choose a place on the town's map; `wish` is {title, send(place)} where a button asked for it. */
export function placeSheet(phone, wish) {
  let place = null;
  const sends = [];
  const button = (testid, label, run, kind) => {
    const one = h(`button.${kind}`, { disabled: true, "data-testid": testid, onclick: () => { close(); run(); } }, label);
    sends.push(one);
    return one;
  };
  const spot = () => ({ latitude: place.latitude, longitude: place.longitude });
  const named = button("map-send-venue", t("map_send_venue"), () => phone.send("sends_venue", {
    ...spot(), title: place.name, address: place.name,
  }), "quiet");
  named.hidden = true;
  const picker = mapPicker((chosen) => {
    place = chosen;
    sends.forEach((one) => { one.disabled = false; });
    named.hidden = Boolean(wish) || !place.name;
  });
  const close = phone.sheet(wish ? wish.title : store.map ? t("map") : t("attach_place"), h("div.sheet-body", {},
    picker,
    h("div.sheet-foot", {},
      button("map-send", t("map_send"), () => (wish ? wish.send(spot()) : phone.send("shares_place", spot())), "main"),
      wish ? null : button("map-send-live", t("map_send_live"),
        () => phone.send("shares_place", { ...spot(), live_period: 900 }), "quiet"),
      named)));
}
