// Kizuna's own script: draws charts from the JSON beside them, and small comforts. Pages work without it.
(function () {
  "use strict";

  function css(name) {
    return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  }

  function palette() {
    return {
      text: css("--tblr-body-color"), quiet: css("--tblr-secondary"), grid: css("--k-grid"),
      line: css("--k-line"), band: css("--k-band"), surface: css("--k-surface"), hatch: css("--k-hatch"),
      font: css("--tblr-font-sans-serif"),
    };
  }

  function axisText(colors) {
    return { color: colors.quiet, fontFamily: colors.font, fontSize: 12 };
  }

  // Values arrive formatted from the server (`text`), so the chart says exactly what the table says.
  function frame(data, colors) {
    return {
      animation: false,
      aria: { enabled: true, label: { description: data.description } },
      textStyle: { fontFamily: colors.font, color: colors.text },
      grid: { left: 8, right: 36, top: 16, bottom: 8, containLabel: true },
      tooltip: {
        renderMode: "richText", confine: true, backgroundColor: colors.surface, borderColor: colors.grid,
        textStyle: { color: colors.text, fontFamily: colors.font, fontSize: 13 },
        formatter: function (items) {
          var item = Array.isArray(items) ? items[0] : items;
          var point = data.points[item.dataIndex];
          return point ? point.label + "\n" + point.text : "";
        },
      },
    };
  }

  function valueAxis(data, colors) {
    return {
      type: "value", scale: data.zero !== true, min: data.min, max: data.max,
      axisLabel: Object.assign(axisText(colors), { formatter: function (value) { return tick(value, data.unit); } }),
      splitLine: { lineStyle: { color: colors.grid } }, axisLine: { show: false },
    };
  }

  function tick(value, unit) {
    if (unit === "share") { return Math.round(value * 1000) / 10 + "%"; }
    if (unit === "yen" && document.documentElement.lang === "en") {
      return Math.abs(value) >= 1e6 ? Math.round(value / 1e4) / 100 + "M" : value.toLocaleString("en");
    }
    if (unit === "yen" && Math.abs(value) >= 1e8) { return Math.round(value / 1e6) / 100 + "億"; }
    if (unit === "yen" && Math.abs(value) >= 1e4) { return Math.round(value / 1e3) / 10 + "万"; }
    return String(Math.round(value * 100) / 100);
  }

  function bandItem(colors, hatched) {
    return function (params, api) {
      var next = api.value(4);
      if (next < 0) { return null; }
      var a = [api.coord([api.value(0), api.value(1)]), api.coord([api.value(0), api.value(2)])];
      var b = [api.coord([next, api.value(5)]), api.coord([next, api.value(6)])];
      return { type: "polygon", shape: { points: [a[0], b[0], b[1], a[1]] }, style: { fill: colors.band, opacity: colors.veil || 1 }, silent: true };
    };
  }

  function trend(data, colors) {
    var points = data.points;
    var band = [];
    for (var i = 0; i < points.length - 1; i += 1) {
      var p = points[i], q = points[i + 1];
      if (p.value === null || q.value === null) { continue; }
      band.push([i, p.low, p.high, 0, i + 1, q.low, q.high]);
    }
    var option = frame(data, colors);
    option.tooltip.trigger = "axis";
    option.xAxis = {
      type: "category", boundaryGap: false, data: points.map(function (point) { return point.axis; }),
      axisLabel: Object.assign(axisText(colors), { hideOverlap: true }), axisLine: { lineStyle: { color: colors.grid } },
      axisTick: { show: false },
    };
    option.yAxis = valueAxis(data, colors);
    option.series = [
      { type: "custom", data: band, renderItem: bandItem(colors), encode: { x: [0, 4], y: [1, 2, 5, 6] }, clip: true, silent: true, tooltip: { show: false } },
      {
        type: "line", data: points.map(function (point) { return point.value; }), connectNulls: false,
        lineStyle: { color: colors.line, width: 2 }, itemStyle: { color: colors.line }, symbol: "circle", symbolSize: 6,
        markArea: {
          silent: true, itemStyle: { color: colors.hatch, opacity: 0.5, decal: { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [2, 5], rotation: Math.PI / 4 } },
          data: points.map(function (point, index) { return point.value === null ? [{ xAxis: Math.max(0, index - 0.5) }, { xAxis: index + 0.5 }] : null; }).filter(Boolean),
        },
      },
    ];
    return option;
  }

  // Two groups over the same stretches of days: the first drawn strong, the second quiet, each with its band.
  function lines(data, colors) {
    var points = data.points, last = points.length - 1, every = Math.ceil(points.length / (window.innerWidth < 576 ? 4 : 9));
    var option = frame(data, colors);
    option.tooltip.trigger = "axis";
    option.xAxis = {
      type: "value", min: 0, max: last, interval: every, splitLine: { show: false }, axisTick: { show: false },
      axisLine: { lineStyle: { color: colors.grid } },
      axisLabel: Object.assign(axisText(colors), { showMaxLabel: last % every === 0, formatter: function (at) { return points[at] ? points[at].axis : ""; } }),
    };
    option.yAxis = Object.assign(valueAxis(data, colors), { axisTick: { show: false } });
    option.series = [];
    data.lines.forEach(function (line, place) {
      var band = [], color = place === 0 ? colors.line : colors.quiet;
      for (var i = 0; i < last; i += 1) {
        var p = line[i], q = line[i + 1];
        if (p && q) { band.push([i, p.low, p.high, 0, i + 1, q.low, q.high]); }
      }
      option.series.push({ type: "custom", data: band, renderItem: bandItem(place === 0 ? colors : { band: colors.hatch, veil: 0.4 }), encode: { x: [0, 4], y: [1, 2, 5, 6] }, clip: true, silent: true, tooltip: { show: false } });
      option.series.push({
        type: "line", data: line.map(function (point, index) { return [index, point ? point.value : null]; }), connectNulls: false, z: 4 - place,
        lineStyle: { color: color, width: place === 0 ? 2.5 : 2, type: place === 0 ? "solid" : "dashed" }, itemStyle: { color: color }, symbol: "circle", symbolSize: 6,
        markLine: place > 0 || data.mark === null ? undefined : {
          silent: true, symbol: "none", lineStyle: { color: colors.text, type: "solid", width: 1 }, data: [{ xAxis: data.mark - 0.5 }],
          label: { formatter: data.mark_label, color: colors.text, fontFamily: colors.font, position: "insideEndTop", rotate: 0 },
        },
      });
    });
    return option;
  }

  function whisker(data, colors) {
    var points = data.points;
    var option = frame(data, colors);
    option.tooltip.trigger = "item";
    option.yAxis = {
      type: "category", inverse: true, data: points.map(function (point) { return point.label; }),
      axisLabel: Object.assign(axisText(colors), { width: 130, overflow: "truncate" }), axisTick: { show: false },
      axisLine: { lineStyle: { color: colors.grid } },
    };
    option.xAxis = valueAxis(data, colors);
    option.series = [{
      type: "custom",
      data: points.map(function (point, index) { return [point.value, index, point.low, point.high]; }),
      encode: { x: [0, 2, 3], y: 1 },
      renderItem: function (params, api) {
        if (isNaN(api.value(0))) { return null; }
        var at = api.coord([api.value(0), api.value(1)]);
        var low = api.coord([api.value(2), api.value(1)]), high = api.coord([api.value(3), api.value(1)]);
        var line = { stroke: colors.line, lineWidth: 2, opacity: 0.6 };
        return { type: "group", children: [
          { type: "line", shape: { x1: low[0], y1: low[1], x2: high[0], y2: high[1] }, style: line },
          { type: "line", shape: { x1: low[0], y1: low[1] - 4, x2: low[0], y2: low[1] + 4 }, style: line },
          { type: "line", shape: { x1: high[0], y1: high[1] - 4, x2: high[0], y2: high[1] + 4 }, style: line },
          { type: "circle", shape: { cx: at[0], cy: at[1], r: 4.5 }, style: { fill: colors.line } },
        ] };
      },
      markLine: data.reference === null || data.reference === undefined ? undefined : {
        silent: true, symbol: "none", label: { formatter: data.reference_label, color: colors.quiet, fontFamily: colors.font },
        lineStyle: { color: colors.quiet, type: "dashed" }, data: [{ xAxis: data.reference }],
      },
    }];
    return option;
  }

  function bars(data, colors) {
    var option = frame(data, colors);
    option.tooltip.trigger = "axis";
    option.xAxis = {
      type: "category", data: data.points.map(function (point) { return point.label; }),
      axisLabel: Object.assign(axisText(colors), { hideOverlap: true }), axisTick: { show: false },
      axisLine: { lineStyle: { color: colors.grid } },
    };
    data.zero = true;
    option.yAxis = valueAxis(data, colors);
    option.series = [{ type: "bar", data: data.points.map(function (point) { return point.value; }), itemStyle: { color: colors.line, borderRadius: [3, 3, 0, 0] }, barMaxWidth: 36 }];
    return option;
  }

  // A file field in the page's own language: the browser's «Choose Files» follows the browser's, not the reader's.
  function drop(form) {
    var field = form.querySelector('input[type="file"]'), chosen = form.querySelector(".k-drop-chosen");
    form.classList.add("k-drop-live");
    function say() {
      var names = Array.prototype.map.call(field.files, function (file) { return file.name; });
      chosen.textContent = names.join(document.documentElement.lang === "en" ? ", " : "、");
      chosen.hidden = names.length === 0;
    }
    field.addEventListener("change", say);
    ["dragenter", "dragover"].forEach(function (name) {
      form.addEventListener(name, function (event) { event.preventDefault(); form.classList.add("k-drop-over"); });
    });
    ["dragleave", "drop"].forEach(function (name) {
      form.addEventListener(name, function (event) { event.preventDefault(); form.classList.remove("k-drop-over"); });
    });
    form.addEventListener("drop", function (event) { field.files = event.dataTransfer.files; say(); });
    say();
  }

  var onPaper = false, PAPER = 640;  // CSS pixels between the margins of an upright A4 sheet, less a panel's own
  var KINDS = { trend: trend, lines: lines, whisker: whisker, bars: bars };
  var drawn = [];

  function draw(figure) {
    var source = figure.querySelector('script[type="application/json"]');
    var area = figure.querySelector(".k-chart-area");
    if (!source || !area || !window.echarts) { return; }
    var data = JSON.parse(source.textContent);
    if (data.kind === "whisker") { area.style.height = Math.max(7, data.points.length * 1.9 + 3) + "rem"; }
    var item = { area: area, data: data, chart: null };
    drawn.push(item);
    drawNew(item);
    new ResizeObserver(function () {
      if (!onPaper && item.chart.getWidth() !== area.clientWidth) { item.chart.resize(); }
    }).observe(area);
  }

  // From nothing each time: a chart that is given other options while it is being resized may put its line beside
  // its dots.
  function drawNew(item, size) {
    if (item.chart) { item.chart.dispose(); }
    item.chart = window.echarts.init(item.area, null, Object.assign({ renderer: "svg" }, size));
    item.chart.setOption(KINDS[item.data.kind](item.data, palette()));
  }

  function redraw() {
    if (!onPaper) { drawn.forEach(function (item) { drawNew(item); }); }
  }

  // Nobody can open a fold on paper, so the tables behind the charts are printed with them. A chart is as wide as the
  // sheet, not as the window it stood in.
  var unfolded = [];

  function toPaper() {
    onPaper = true;
    document.querySelectorAll("details.k-behind:not([open])").forEach(function (fold) {
      if (fold.querySelector("table")) { fold.open = true; unfolded.push(fold); }
    });
    drawn.forEach(function (item) {
      drawNew(item, { width: PAPER, height: PAPER * 0.42 });
      // The style sheet fits the drawing into whatever column the sheet gives it.
      var drawing = item.area.querySelector("svg");
      drawing.setAttribute("viewBox", "0 0 " + drawing.getAttribute("width") + " " + drawing.getAttribute("height"));
    });
  }

  function fromPaper() {
    onPaper = false;
    unfolded.splice(0).forEach(function (fold) { fold.open = false; });
    redraw();
  }

  // A part that is drawn again from the server leaves open what was open.
  var leftOpen = [];

  function keepFolds() {
    leftOpen = Array.from(document.querySelectorAll("details[id][open]"), function (fold) { return fold.id; });
  }

  function openFolds() {
    leftOpen.forEach(function (id) {
      var fold = document.getElementById(id);
      if (fold) { fold.open = true; }
    });
  }

  function start() {
    document.addEventListener("htmx:beforeSwap", keepFolds);
    document.addEventListener("htmx:afterSettle", openFolds);
    document.querySelectorAll(".k-chart").forEach(draw);
    new MutationObserver(redraw).observe(document.documentElement, { attributes: true, attributeFilter: ["data-bs-theme"] });
    window.addEventListener("beforeprint", toPaper);
    window.addEventListener("afterprint", fromPaper);
    // A wide table opens at its newest month.
    document.querySelectorAll("[data-scroll-end]").forEach(function (box) { box.scrollLeft = box.scrollWidth; });
    // Filters answer at once; without script the button does it.
    document.querySelectorAll("form[data-auto-submit]").forEach(function (form) {
      form.addEventListener("change", function () { form.requestSubmit(); });
    });
    document.querySelectorAll("form[data-drop]").forEach(drop);
    document.querySelectorAll("form[data-confirm]").forEach(function (form) {
      form.addEventListener("submit", function (event) {
        if (!window.confirm(form.dataset.confirm)) { event.preventDefault(); }
      });
    });
    document.querySelectorAll("[data-copy]").forEach(function (button) {
      button.addEventListener("click", function () {
        navigator.clipboard.writeText(button.dataset.copy).then(function () { button.textContent = button.dataset.copied; });
      });
    });
    document.querySelectorAll("button[data-print]").forEach(function (button) {
      button.addEventListener("click", function () { window.print(); });
    });
  }

  document.addEventListener("DOMContentLoaded", start);
})();
