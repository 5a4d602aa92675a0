// What the map needs of d3-geo and topojson-client.
export { geoContains, geoMercator, geoPath } from "d3-geo";
export { feature } from "topojson-client";
