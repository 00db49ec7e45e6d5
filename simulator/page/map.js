// The town as a drawing: longitude and latitude in degrees (WGS 84) to a flat SVG and back.

import { h, s } from "./dom.js";
import { store } from "./store.js";
import { t } from "./i18n.js";

const WIDTH = 360;
const MARGIN = 12;

/** The outer rings of a feature: [[lon, lat], ...] each. */
function rings(feature) {
  const shape = feature.geometry || {};
  if (shape.type === "Polygon") return [shape.coordinates[0]];
  if (shape.type === "MultiPolygon") return shape.coordinates.map((polygon) => polygon[0]);
  return [];
}

function features() {
  const map = store.map;
  if (!map) return [];
  const all = map.type === "FeatureCollection" ? map.features : [map];
  return (all || []).filter((one) => rings(one).length);
}

function nameOf(feature) {
  const known = feature.properties || {};
  return String(known.name ?? known.nombre ?? known.title ?? feature.id ?? "");
}

function inRing([x, y], ring) {
  let inside = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [xi, yi] = ring[i];
    const [xj, yj] = ring[j];
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
  }
  return inside;
}

/** The name of the barrio that holds a point, or "". */
export function territoryAt(latitude, longitude) {
  const found = features().find((one) =>
    rings(one).some((ring) => inRing([longitude, latitude], ring)));
  return found ? nameOf(found) : "";
}

/** The middle of a ring, weighted by area. */
function centre(ring) {
  let area = 0, x = 0, y = 0;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const cross = ring[j][0] * ring[i][1] - ring[i][0] * ring[j][1];
    area += cross;
    x += (ring[j][0] + ring[i][0]) * cross;
    y += (ring[j][1] + ring[i][1]) * cross;
  }
  return area ? [x / (3 * area), y / (3 * area)] : ring[0];
}

const largest = (feature) =>
  rings(feature).reduce((best, ring) => (ring.length > best.length ? ring : best));

/** A flat picture of the town (or, without a map, of the kilometre round a point). */
function projection(round) {
  const points = features().flatMap(rings).flat();
  if (!points.length) {
    const [lon, lat] = round || [0, 0];
    points.push([lon - 0.01, lat - 0.01], [lon + 0.01, lat + 0.01]);
  }
  const west = Math.min(...points.map((one) => one[0]));
  const east = Math.max(...points.map((one) => one[0]));
  const south = Math.min(...points.map((one) => one[1]));
  const north = Math.max(...points.map((one) => one[1]));
  const squeeze = Math.max(0.05, Math.cos(((south + north) / 2) * (Math.PI / 180)));
  const scale = (WIDTH - 2 * MARGIN) / Math.max((east - west) * squeeze, (north - south) / 1.25, 1e-6);
  const wide = (east - west) * squeeze * scale;
  const left = (WIDTH - wide) / 2;
  return {
    width: WIDTH,
    height: Math.max(200, (north - south) * scale + 2 * MARGIN),
    middle: [(west + east) / 2, (south + north) / 2],
    flat: ([lon, lat]) => [left + (lon - west) * squeeze * scale, MARGIN + (north - lat) * scale],
    round: ([x, y]) => [(x - left) / (squeeze * scale) + west, north - (y - MARGIN) / scale],
  };
}

const path = (ring, flat) =>
  `M${ring.map((point) => flat(point).map((n) => n.toFixed(1)).join(" ")).join("L")}Z`;

function drawTown(view, withNames) {
  const shapes = features();
  return [
    ...shapes.map((one, index) => s("path", {
      class: `territory tint-${index % 6}`,
      d: rings(one).map((ring) => path(ring, view.flat)).join(""),
    })),
    ...(withNames ? shapes.map((one) => {
      const [x, y] = view.flat(centre(largest(one)));
      const words = nameOf(one).split(" ");
      const lines = words.length > 1 && nameOf(one).length > 12
        ? [words.slice(0, Math.ceil(words.length / 2)), words.slice(Math.ceil(words.length / 2))]
        : [words];
      return s("text", { class: "territory-name", x, y: y - (lines.length - 1) * 7 },
        lines.map((line, number) => s("tspan", { x, dy: number ? 14 : 0 }, line.join(" "))));
    }) : []),
  ];
}

const PIN = "M0 0C-3-7-9-11-9-18a9 9 0 1 1 18 0c0 7-6 11-9 18z";

function pin(x, y) {
  return s("g", { class: "pin", transform: `translate(${x} ${y})` },
    s("path", { d: PIN }), s("circle", { cx: 0, cy: -18, r: 3.5 }));
}

/** A small picture of the town round a point, for a message. */
export function miniMap(latitude, longitude) {
  const view = projection([longitude, latitude]);
  const [x, y] = view.flat([longitude, latitude]);
  const wide = features().length ? 190 : 360;
  const high = wide * 0.56;
  const place = territoryAt(latitude, longitude);
  return s("svg", {
    class: "mini-map", viewBox: `${x - wide / 2} ${y - high * 0.6} ${wide} ${high}`, role: "img",
    "aria-label": `${t("location")}: ${place || `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`}`,
  }, drawTown(view, false), pin(x, y));
}

const STEP = 6;

/**
 * A map to choose a point on, with mouse, finger, arrows, a list of places or plain coordinates.
 * @param {(place: {latitude, longitude, name}|null) => void} choose is told of every change.
 */
export function mapPicker(choose) {
  const view = projection();
  const marker = s("g", { class: "marker" });
  const said = h("output.map-said", { "aria-live": "polite" }, t("map_nothing"));
  const latitude = h("input", { type: "number", step: "any", min: -90, max: 90, "data-testid": "latitude" });
  const longitude = h("input", { type: "number", step: "any", min: -180, max: 180, "data-testid": "longitude" });
  let at = null;

  function place(point, name) {
    at = [Math.min(180, Math.max(-180, point[0])), Math.min(90, Math.max(-90, point[1]))];
    const [x, y] = view.flat(at);
    marker.replaceChildren(pin(x, y));
    latitude.value = at[1].toFixed(6);
    longitude.value = at[0].toFixed(6);
    tell(name);
  }

  function tell(name) {
    const where = territoryAt(at[1], at[0]);
    said.textContent = [name, where || (features().length ? t("map_outside") : "")]
      .filter(Boolean).join(" · ") || `${at[1].toFixed(5)}, ${at[0].toFixed(5)}`;
    choose({ latitude: at[1], longitude: at[0], name: name || "" });
  }

  function typed() {
    const lat = latitude.valueAsNumber;
    const lon = longitude.valueAsNumber;
    if (!Number.isFinite(lat) || !Number.isFinite(lon)) return;
    if (Math.abs(lat) > 90 || Math.abs(lon) > 180) return;
    at = [lon, lat];
    marker.replaceChildren(pin(...view.flat(at)));
    tell("");
  }
  latitude.addEventListener("input", typed);
  longitude.addEventListener("input", typed);

  const drawing = s("svg", {
    class: "town-map", viewBox: `0 0 ${view.width} ${view.height}`, tabindex: "0",
    role: "application", "aria-label": `${t("map")}. ${t("map_hint")}`, "data-testid": "town-map",
    onclick: (event) => {
      const matrix = drawing.getScreenCTM().inverse();
      const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix);
      place(view.round([point.x, point.y]));
    },
    onkeydown: (event) => {
      const moves = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] };
      const move = moves[event.key];
      if (!move && event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      if (!move) { if (!at) place(view.middle); return; }
      const [x, y] = view.flat(at || view.middle);
      place(view.round([x + move[0], y + move[1]]));
    },
  }, drawTown(view, true), marker);

  const known = [
    ...store.places,
    ...features().map((one) => {
      const [lon, lat] = centre(largest(one));
      return { name: nameOf(one), latitude: lat, longitude: lon };
    }),
  ];
  return h("div.map-picker", {},
    drawing, said,
    known.length ? h("div.chips", { role: "group", "aria-label": t("map_places") },
      known.map((one) => h("button.chip", {
        onclick: () => place([one.longitude, one.latitude], one.name),
      }, one.name))) : null,
    h("details.coordinates", { open: !features().length },
      h("summary", {}, t("map_coordinates")),
      h("label", {}, t("latitude"), latitude),
      h("label", {}, t("longitude"), longitude)));
}
