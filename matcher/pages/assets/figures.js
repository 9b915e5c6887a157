// Draws what stands in data-chart; the table below each picture says the same without scripts.
const deep = "#0f766e";
const dark = matchMedia("(prefers-color-scheme: dark)").matches;
const ink = dark ? "#d0d7de" : "#1f2328";
const text = { color: ink, fontFamily: "inherit" };
const base = {
  animation: false, textStyle: text,
  tooltip: { trigger: "item", renderMode: "richText" },
  grid: { left: 8, right: 24, top: 32, bottom: 8, containLabel: true },
};
const draw = {
  funnel: (data) => ({
    ...base,
    series: [{
      type: "funnel", sort: "none", left: 8, right: 8, top: 8, bottom: 8, minSize: "4%", gap: 2,
      label: { show: true, position: "inside", formatter: "{b} {c}", color: "#fff",
        textBorderColor: "#134e4a", textBorderWidth: 2 },
      itemStyle: { color: deep, borderWidth: 0 },
      data: data.names.map((name, at) => ({ name, value: data.values[at],
        itemStyle: { opacity: 1 - at * 0.05 } })),
    }],
  }),
  lines: (data) => ({
    ...base, legend: { top: 0, textStyle: text }, color: [deep, "#b45309", "#6d28d9"],
    xAxis: { type: "category", data: data.names, axisLabel: text },
    yAxis: { type: "value", minInterval: 1, axisLabel: text },
    series: data.lines.map(([name, values], at) => ({ name, type: "line", data: values,
      symbol: ["circle", "rect", "triangle"][at], symbolSize: 8 })),
  }),
  heat: (data) => {
    const cells = [];
    data.columns.forEach((_, column) => {
      const most = Math.max(1, ...data.values.map((row) => row[column]));
      data.values.forEach((row, at) => cells.push({ value: [column, at, row[column] / most],
        label: { formatter: String(row[column]), color: row[column] / most > 0.5 ? "#fff" : "#1f2328" } }));
    });
    return {
      ...base, tooltip: { show: false },
      xAxis: { type: "category", data: data.columns, position: "top", axisLabel: text },
      yAxis: { type: "category", data: data.names, inverse: true,
        axisLabel: { ...text, width: 150, overflow: "truncate" } },
      grid: { left: 165, right: 8, top: 32, bottom: 8 },
      visualMap: { show: false, min: 0, max: 1, dimension: 2, inRange: { color: ["#eef6f5", deep] } },
      series: [{ type: "heatmap", data: cells, label: { show: true } }],
    };
  },
  flow: (data) => {
    const left = [...new Set(data.links.map((link) => link[0]))];
    const right = [...new Set(data.links.map((link) => link[1]))];
    return {
      ...base,
      series: [{
        type: "sankey", left: 8, right: 150, top: 8, bottom: 8, nodeGap: 10, layoutIterations: 0,
        label: { ...text, fontSize: 12 }, lineStyle: { color: "source", opacity: 0.35 },
        data: [...left.map((name) => ({ name, itemStyle: { color: deep } })),
          ...right.filter((name) => !left.includes(name)).map((name) => ({ name, itemStyle: { color: "#b45309" } }))],
        links: data.links.map(([source, target, value]) => ({ source, target, value })),
      }],
    };
  },
  bars: (data) => ({
    ...base,
    xAxis: { type: "value", minInterval: 1, axisLabel: text },
    yAxis: { type: "category", data: data.names, inverse: true, axisLabel: text },
    grid: { left: 130, right: 32, top: 8, bottom: 32 },
    series: [{ type: "bar", data: data.values, itemStyle: { color: deep },
      label: { show: true, position: "right", color: ink } }],
  }),
};
for (const box of document.querySelectorAll("[data-chart]")) {
  const data = JSON.parse(box.dataset.chart);
  box.classList.add("drawn");
  if (data.kind === "heat") box.style.height = `${80 + 26 * data.names.length}px`;
  const chart = echarts.init(box, null, { renderer: "svg" });
  chart.setOption(draw[data.kind](data));
  addEventListener("resize", () => chart.resize());
}
