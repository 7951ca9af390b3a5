// A map without tiles: the office, its fence, and where the person stands, to scale.
const WIDTH = 400;
const HEIGHT = 180;
const METRES_PER_DEGREE = 111320;
const SPANS = [400, 1000, 2500, 5000, 10000, 25000];
const SVG = "http://www.w3.org/2000/svg";

const pair = (text) => text.split(",").map(Number);

function node(name, attributes, text = "") {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.textContent = text;
  return made;
}

function projection(drawer) {
  const [latitude, longitude] = pair(drawer.dataset.office);
  const metresPerPixel = SPANS[Number(drawer.dataset.zoom ?? 1)] / WIDTH;
  const perLongitude = METRES_PER_DEGREE * Math.cos((latitude * Math.PI) / 180);
  return {
    metresPerPixel,
    toPixels: ([lat, lon]) => [
      WIDTH / 2 + ((lon - longitude) * perLongitude) / metresPerPixel,
      HEIGHT / 2 - ((lat - latitude) * METRES_PER_DEGREE) / metresPerPixel,
    ],
    toDegrees: (x, y) => [
      latitude + ((HEIGHT / 2 - y) * metresPerPixel) / METRES_PER_DEGREE,
      longitude + ((x - WIDTH / 2) * metresPerPixel) / perLongitude,
    ],
  };
}

function scaleBar(metresPerPixel) {
  const metres = [50, 100, 200, 500, 1000, 2000, 5000].findLast((length) => length / metresPerPixel <= 110) ?? 50;
  const end = 14 + metres / metresPerPixel;
  const label = metres < 1000 ? `${metres} m` : `${metres / 1000} km`;
  return [
    node("path", { class: "scale", fill: "none", d: `M14 ${HEIGHT - 18}v6H${end}v-6` }),
    node("text", { x: 14, y: HEIGHT - 24 }, label),
  ];
}

function grid() {
  const lines = [];
  for (let x = 40; x < WIDTH; x += 40) lines.push(`M${x} 0V${HEIGHT}`);
  for (let y = 25; y < HEIGHT; y += 40) lines.push(`M0 ${y}H${WIDTH}`);
  return node("path", { class: "grid", d: lines.join("") });
}

function contents(drawer) {
  const { metresPerPixel, toPixels } = projection(drawer);
  const [x, y] = toPixels(pair(drawer.dataset.place));
  const radius = Number(drawer.dataset.radius) / metresPerPixel;
  const middle = { cx: WIDTH / 2, cy: HEIGHT / 2 };
  return [
    grid(),
    node("circle", { class: "fence", ...middle, r: radius }),
    node("rect", { class: "office", x: WIDTH / 2 - 5, y: HEIGHT / 2 - 5, width: 10, height: 10, rx: 2 }),
    node("text", { x: WIDTH / 2, y: HEIGHT / 2 - 14, "text-anchor": "middle" }, drawer.dataset.officeName),
    node("circle", { class: "accuracy", cx: x, cy: y, r: Number(drawer.dataset.accuracy || 0) / metresPerPixel }),
    node("circle", { class: "person", cx: x, cy: y, r: 6.5 }),
    ...scaleBar(metresPerPixel),
  ];
}

function build(drawer, stand) {
  const svg = node("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img" });
  svg.addEventListener("click", (event) => {
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
    const [latitude, longitude] = projection(drawer).toDegrees(point.x, point.y);
    stand(Number(latitude.toFixed(6)), Number(longitude.toFixed(6)));
  });
  const zoom = document.createElement("div");
  zoom.className = "zoom";
  zoom.append(zoomButton(drawer, "+", -1), zoomButton(drawer, "−", 1));
  drawer.querySelector(".map").append(svg, zoom);
}

function zoomButton(drawer, label, step) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = label;
  button.addEventListener("click", () => {
    drawer.dataset.zoom = Math.min(Math.max(Number(drawer.dataset.zoom ?? 1) + step, 0), SPANS.length - 1);
    drawMap(drawer);
  });
  return button;
}

/** Redraw; the first call gives what happens on a click: `stand(latitude, longitude)`. A far person zooms the map out. */
export function drawMap(drawer, stand) {
  if (stand) build(drawer, stand);
  const { toPixels } = projection(drawer);
  const [x, y] = toPixels(pair(drawer.dataset.place));
  const outside = x < 0 || y < 0 || x > WIDTH || y > HEIGHT;
  if (outside && drawer.dataset.drawn !== drawer.dataset.place && Number(drawer.dataset.zoom ?? 1) < SPANS.length - 1) {
    drawer.dataset.zoom = Number(drawer.dataset.zoom ?? 1) + 1;
    drawMap(drawer);
    return;
  }
  drawer.dataset.drawn = drawer.dataset.place;
  drawer.querySelector("svg").replaceChildren(...contents(drawer));
}
