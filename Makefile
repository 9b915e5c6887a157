# `make` or `make help` lists the targets.  Everything runs in .venv, made by .ci/setup.
BIN := .venv/bin
SAMPLE := data/sample
DEMO := demo
PATMATCH := $(BIN)/patmatch --home $(DEMO)/home
TESTS := $(BIN)/python -m pytest -m "not torture" -n 2 --dist loadfile
export PYTHONUTF8 := 1

.DEFAULT_GOAL := help
.PHONY: help demo test cover check audit bench pictures models serve pages torture setup lock map clean

help: ## 列出全部命令
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | \
	  while IFS='	' read -r name text; do printf '  make %-10s %s\n' "$$name" "$$text"; done

demo: ## 一条命令看效果:导入样例专利与需求,匹配,写出 demo/匹配结果.xlsx
	@.ci/setup plain
	@rm -rf $(DEMO) && mkdir -p $(DEMO)
	$(PATMATCH) patents add $(SAMPLE)/gazette_patents.csv $(SAMPLE)/incopat_export.xlsx \
	  $(SAMPLE)/patsnap_export.xlsx $(SAMPLE)/transfer_sheet.xls --rejects $(DEMO)/退回.xlsx
	$(PATMATCH) needs add $(SAMPLE)/needs_form.xlsx $(SAMPLE)/needs_more.jsonl
	$(PATMATCH) match "如何提高锂电池隔膜的耐热性" -k 5 --explain
	$(PATMATCH) batch --out $(DEMO)/匹配结果.xlsx -k 10
	@echo; echo "请打开 $(DEMO)/匹配结果.xlsx 查看全部结果;退回的行也在 $(DEMO)/ 里。"

serve: ## 用样例数据启动服务,供试用(serve/ 文件夹,只有本机能访问)
	@.ci/setup service
	@.ci/serve serve

pages: ## 用样例数据打开网页,四种人各有一个账号(pages/ 文件夹,只有本机能访问)
	@.ci/setup service
	@.ci/serve pages --people

test: ## 准备环境并运行全部测试
	@.ci/setup dev
	$(TESTS)

cover: ## 同 test,并给出覆盖率(慢三成)
	@.ci/setup dev
	$(TESTS) --cov --cov-report=term:skip-covered

check: ## 格式、静态检查、类型、模块边界,然后运行全部测试
	@.ci/setup dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	.ci/audit
	$(MAKE) --no-print-directory test

audit: ## 依赖里有没有已知的漏洞(要能连上漏洞库)
	@.ci/setup dev
	.ci/audit

models: ## 按配方重做 models/ 中的模型(需要 ../shared/data)
	@.ci/setup dev
	@for name in e5_small e5_adapted ranker; do echo "== $$name"; $(BIN)/python -m models.recipes.$$name.make || exit 1; done

torture: ## 长时间的断电与乱数据测试(几十分钟)
	@.ci/setup dev
	$(BIN)/python -m pytest -m torture

bench: ## 速度与内存的对照测量,写入 docs/results/
	@.ci/setup dev
	@for file in tests/benchmarks/bench_*.py; do [ -e "$$file" ] || continue; \
	  echo "== $$file"; $(BIN)/python "$$file" --write || exit 1; done

pictures: ## 重新绘制 docs/pictures/ 中的图
	@.ci/setup dev
	@for file in docs/pictures/*.py; do [ -e "$$file" ] || continue; echo "== $$file"; $(BIN)/python "$$file" || exit 1; done

setup: ## 只准备开发环境 .venv
	@.ci/setup dev

lock: ## 用当前 .venv 中的版本重写 requirements.lock
	@.ci/lock

map: ## 更新 matcher/README.md 中的模块清单
	@$(BIN)/python .ci/map

clean: ## 删除 .venv、demo 和各种缓存(不动您的数据文件夹)
	rm -rf .venv $(DEMO) serve pages build dist .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage*
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
