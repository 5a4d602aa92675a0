// What the map needs of d3-geo and topojson-client.
export { geoBounds, geoCentroid, geoArea, geoMercator, geoPath } from "d3-geo";
export { feature, mesh } from "topojson-client";
