// Draws the map of each figure that names points: borders of Natural Earth, a triangle for each place.
// The coordinates stand in the figure as text already, so without this script nothing is lost.
import { feature, geoContains, geoMercator, geoPath } from "../vendor/geo.js";

const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 600;
const HEIGHT = 400;
const LEAST = 3; // degrees shown to every side of a single place
const NAMED = 12; // places whose names fit on the map; more of them have theirs in the list alone

const figures = document.querySelectorAll("figure[data-points]");
if (figures.length) {
  const world = await (await fetch(new URL("../vendor/world.json", import.meta.url))).json();
  const countries = feature(world, world.objects.countries).features;
  for (const figure of figures) draw(figure, JSON.parse(figure.dataset.points), countries);
}

function draw(figure, points, countries) {
  if (!points.length) return;
  const projection = fitted(points);
  const path = geoPath(projection.clipExtent([[-9, -9], [WIDTH + 9, HEIGHT + 9]]));
  const svg = make("svg", { class: "map", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "group" });
  svg.setAttribute("aria-label", `${figure.dataset.label ?? ""} ${points.map((point) => point.name).join(", ")}`.trim());
  const home = (country) => points.some((point) => geoContains(country, [point.lon, point.lat]));
  const seen = countries.filter((country) => path(country));
  const homes = new Set(seen.filter(home));
  for (const country of seen.filter((one) => !homes.has(one))) svg.append(make("path", { class: "land", d: path(country) }));
  for (const country of homes) svg.append(make("path", { class: "home", d: path(country) }));
  const taken = points.map((point) => projection([point.lon, point.lat]));
  for (const country of seen) label(svg, country, path, taken);
  const named = points.length <= NAMED;
  for (const point of [...points].sort((one, other) => one.lat - other.lat)) {
    svg.append(place(point, projection([point.lon, point.lat]), named, taken));
  }
  figure.prepend(svg);
}

// A projection that shows all points, with room around them, in the middle of the picture.
function fitted(points) {
  const lons = points.map((point) => point.lon);
  const lats = points.map((point) => point.lat);
  const margin = Math.max(LEAST, (Math.max(...lons) - Math.min(...lons)) / 3, (Math.max(...lats) - Math.min(...lats)) / 3);
  const [west, east] = [Math.min(...lons) - margin, Math.max(...lons) + margin];
  const [south, north] = [Math.max(-75, Math.min(...lats) - margin), Math.min(80, Math.max(...lats) + margin)];
  const corners = { type: "MultiPoint", coordinates: [[west, south], [west, north], [east, south], [east, north]] };
  return geoMercator().rotate([-(west + east) / 2, 0]).fitSize([WIDTH, HEIGHT], corners);
}

// The name of a country in the language of the page, where there is room for it.
function label(svg, country, path, taken) {
  const [[x0, y0], [x1, y1]] = path.bounds(country);
  const [x, y] = path.centroid(country);
  const name = named(country.id);
  const inside = x > 50 && x < WIDTH - 50 && y > 20 && y < HEIGHT - 12;
  const free = taken.every(([px, py]) => Math.abs(px - x) > 70 || Math.abs(py - y) > 26);
  if (!name || !inside || !free || x1 - x0 < name.length * 8 || y1 - y0 < 26) return;
  const text = make("text", { x, y });
  text.textContent = name;
  svg.append(text);
}

// The atlas has ISO 3166 numbers, the browser has the names of their regions in every language.
function named(id) {
  try {
    const region = new Intl.Locale(`und-${id}`).region;
    const name = new Intl.DisplayNames(document.documentElement.lang, { type: "region" }).of(region);
    return name === region ? "" : name;
  } catch {
    return "";
  }
}

// A triangle, its name and coordinates: above it, or below where another place lies close above.
function place(point, [x, y], named, taken) {
  const group = make("g", { class: "base now" });
  const title = make("title", {});
  title.textContent = point.name;
  group.append(title, make("path", { d: `M${x - 7} ${y + 6}h14l-7 -13z` }));
  if (named) {
    const below = taken.some(([px, py]) => Math.abs(px - x) < 110 && py < y && y - py < 50);
    const across = Math.min(Math.max(x, 75), WIDTH - 75);
    const name = make("text", { x: across, y: below ? y + 24 : y - 28, direction: rightToLeft(point.name) ? "rtl" : "ltr" });
    name.textContent = point.name.length > 28 ? `${point.name.slice(0, 27)}…` : point.name;
    const degrees = make("text", { class: "xy", x: across, y: below ? y + 38 : y - 13, direction: "ltr" });
    degrees.textContent = `${coordinate(point.lat, "N", "S")} ${coordinate(point.lon, "E", "W")}`;
    group.append(name, degrees);
  }
  if (!point.href) return group;
  const link = make("a", { href: point.href });
  link.append(group);
  return link;
}

function coordinate(value, positive, negative) {
  return `${Math.abs(value).toFixed(3)}°${value < 0 ? negative : positive}`;
}

function rightToLeft(text) {
  return /^[^A-Za-z]*[\u0590-\u08ff]/.test(text);
}

function make(name, attributes) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}
