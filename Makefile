# Everything that can be done here; `make help` lists it.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

PREFIX ?= /usr/local
CONFIGURATION ?= release
DEMO_OUTPUT ?= demo-output

# What the program needs to build and run.
PACKAGES := libgdcm-dev libopenjp2-7-dev libtesseract-dev libleptonica-dev libjpeg62-turbo-dev zlib1g-dev libzip-dev libsqlite3-dev \
	tesseract-ocr-eng pkg-config
# What SampleData is made with: other encoders than ours.
SAMPLE_PACKAGES := python3 python3-pydicom python3-numpy python3-pil fonts-dejavu-core fonts-liberation dcmtk libopenjp2-tools
# What the tests judge with.
TEST_PACKAGES := dcmtk dicom3tools python3 python3-pydicom python3-numpy python3-pil libopenjp2-tools libjpeg-turbo-progs \
	openjph-tools chromium chromium-driver

SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)
SAMPLE := SampleData/generated
BINARY := .build/$(CONFIGURATION)/quench

.PHONY: help
help: ## list these targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | sort | awk -F'\t' '{printf "make %-14s %s\n", $$1, $$2}'

define install_packages
	@missing=$$(dpkg-query -W -f='$${db:Status-Status} $${binary:Package}\n' $(1) 2>/dev/null \
	  | awk '$$1=="installed" {sub(/:.*/, "", $$2); print $$2}' | sort -u > .build/packages.txt; \
	  for p in $(1); do grep -qx "$$p" .build/packages.txt || echo $$p; done); \
	if [ -n "$$missing" ]; then \
	  echo "installing Debian packages: $$missing"; \
	  $(SUDO) apt-get update -qq && DEBIAN_FRONTEND=noninteractive $(SUDO) apt-get install -y -qq --no-install-recommends $$missing >/dev/null; \
	fi
endef

# Into the target, without installing; where something fails there is no target.
define unpack_packages
	@folder=$$(mktemp -d); cd $$folder && apt-get download -qq $(1) && \
	for package in *.deb; do dpkg -x $$package $(abspath $@).part || exit 1; done && mv $(abspath $@).part $(abspath $@) && rm -r $$folder
endef

.build:
	@mkdir -p .build

.PHONY: deps sample-deps test-deps
deps: | .build ## install the Debian packages that Quench needs
	$(call install_packages,$(PACKAGES))
sample-deps: | .build
	$(call install_packages,$(SAMPLE_PACKAGES))
test-deps: | .build
	$(call install_packages,$(TEST_PACKAGES))

.PHONY: build
build: deps ## build the programs
	swift build -c $(CONFIGURATION) --product quench
	swift build -c $(CONFIGURATION) --product quench-review

.PHONY: sample-data
sample-data: sample-deps ## make SampleData (synthetic patients only)
	@[ -f $(SAMPLE)/truth.json ] && [ -z "$$(find SampleData -name '*.py' -newer $(SAMPLE)/truth.json)" ] || /usr/bin/python3 SampleData/generate.py $(SAMPLE)

.PHONY: demo
demo: build sample-data ## run the main job on SampleData and say where the report is
	@status=0; $(BINARY) clean $(SAMPLE)/input --output $(DEMO_OUTPUT) || status=$$?; \
	[ $$status = 0 ] || [ $$status = 3 ] || exit $$status
	@echo; echo "The report: $(abspath $(DEMO_OUTPUT))/report/index.html"
	@echo "Judge it:   make demo-check"

.PHONY: demo-check
demo-check: ## judge the demo's output against the truth file, by pydicom and dcmtk
	/usr/bin/python3 SampleData/check.py $(DEMO_OUTPUT) $(SAMPLE)/truth.json

.PHONY: test
test: deps sample-data test-deps ## build and run all tests
	swift build -c $(CONFIGURATION) --build-tests
	swift test -c $(CONFIGURATION) --skip-build --no-parallel

# What the benchmark and the training draw text with, and compare with.
FONT_PACKAGES = $(shell cat Models/training/debian-packages.txt)
PYTHON_TOOLS := .build/training/bin/python
# Pictures to draw it on, unpacked and not installed: Models/training/further.py.
PICTURE_PACKAGES = $(shell cat Models/training/debian-pictures.txt)
TRAINING_PICTURES := .build/training-pictures
MINUTES ?= 480
COUNT ?= 400
SEED ?= 1
PART ?= all

.PHONY: train-deps
train-deps: | .build
	$(call install_packages,$(FONT_PACKAGES) python3-venv tesseract-ocr)
	@cmp -s Models/training/requirements.txt .build/training/requirements.txt || { python3 -m venv .build/training && \
	$(PYTHON_TOOLS) -m pip install -q -r Models/training/requirements.txt && cp Models/training/requirements.txt .build/training/; }

.PHONY: train-pictures
train-pictures: $(TRAINING_PICTURES)

$(TRAINING_PICTURES): | .build
	$(call unpack_packages,$(PICTURE_PACKAGES))

.PHONY: train
train: deps train-deps train-pictures ## train the four networks of the text detector, in MINUTES (480) together
	for seed in 1 2 3; do $(PYTHON_TOOLS) Models/training/train.py --seed $$seed --out .build/textnet-$$seed --minutes $$(($(MINUTES) / 4)) || exit 1; done
	$(PYTHON_TOOLS) Models/training/train.py --seed 4 --out .build/textnet-4 --minutes $$(($(MINUTES) / 4)) \
	  --start .build/textnet-1/textnet.safetensors --hard .5 --hard-pictures 700 --rounds 3 --rate 7e-4 --whole .2
	$(PYTHON_TOOLS) Models/training/together.py Models .build/textnet-1 .build/textnet-2 .build/textnet-3 .build/textnet-4
	$(PYTHON_TOOLS) Models/training/reference.py Models/textnet.safetensors Tests/TextFindingTests/Fixtures/textnet-reference.bin
	swift build -c release --product quench-bench
	$(PYTHON_TOOLS) Models/training/judgement.py .build/release/quench-bench Sources/TextFinding/JudgementWeights.swift

.PHONY: train-small
train-small: train-deps ## train for two minutes on made-up pictures, to see that training runs
	$(PYTHON_TOOLS) Models/training/train.py --small --out .build/small-model

.PHONY: bench-text
bench-text: deps train-deps ## measure text finding on fonts and images that training never saw; Tesseract and Presidio beside it
	swift build -c release --product quench-bench
	$(PYTHON_TOOLS) -m pip install -q -r Benchmarks/requirements.txt
	$(PYTHON_TOOLS) Benchmarks/text.py --count $(COUNT) --seed $(SEED)

.PHONY: bench-speed
bench-speed: deps test-deps train-deps ## measure inspection beside decoding alone, Tesseract on full frames, and Presidio
	swift build -c release --product quench-bench
	$(PYTHON_TOOLS) -m pip install -q -r Benchmarks/requirements.txt
	$(PYTHON_TOOLS) Benchmarks/speed.py

# GDCM's programs bring a JPEG program that its library would start (docs/dependencies.md), so they are not installed.
GDCM_TOOLS := .build/gdcm-tools

$(GDCM_TOOLS): | .build
	$(call unpack_packages,libgdcm-tools)

.PHONY: bench-cines
bench-cines: deps train-deps ## measure what is lost, and spared, where a cine's frames are searched only in what is new
	swift build -c release --product quench-bench
	$(PYTHON_TOOLS) -m pip install -q -r Benchmarks/requirements.txt
	$(PYTHON_TOOLS) Benchmarks/cines.py

.PHONY: bench-pixels
bench-pixels: deps sample-deps test-deps $(GDCM_TOOLS) ## measure masking beside gdcmconv --raw, rectangles, gdcmconv back; and memory on long cines
	swift build -c release --product quench-bench
	swift build -c release --product quench
	PATH=$$PATH:$(abspath $(GDCM_TOOLS))/usr/bin /usr/bin/python3 Benchmarks/pixels.py --part $(PART)

.PHONY: fuzz
fuzz: deps sample-deps test-deps ## damage COUNT images of every Transfer Syntax and see that none is released in part
	swift build -c release --product quench
	/usr/bin/python3 Benchmarks/fuzz.py --count $(COUNT) --seed $(SEED)

.PHONY: conformance
conformance: deps test-deps ## run the reference matrix and the answer key, and write their tables into docs
	swift build -c $(CONFIGURATION) --build-tests
	QUENCH_WRITE_CONFORMANCE=1 swift test -c $(CONFIGURATION) --skip-build --no-parallel --filter "ReferenceMatrixTests|AnswerKeyRowTests"

.PHONY: corpus-headers
corpus-headers: deps test-deps ## judge the headers of the whole corpus under every option by dciodvfy, dcentvfy and pydicom (ten minutes)
	swift build -c $(CONFIGURATION) --build-tests
	QUENCH_WHOLE_CORPUS=1 swift test -c $(CONFIGURATION) --skip-build --no-parallel --filter "CorpusTests|CorpusOptionTests"

# gdcmanon is a peer that is measured, nothing that Quench needs.
HEADER_PEERS := .build/header-bench/bin/python

.PHONY: bench-header
bench-header: deps $(GDCM_TOOLS) ## measure header de-identification beside gdcmanon, dcmodify and tools of PyPI, on the same files
	$(call install_packages,dcmtk openssl python3-venv)
	swift build -c release --product quench-bench
	@[ -x $(HEADER_PEERS) ] || python3 -m venv .build/header-bench
	$(HEADER_PEERS) -m pip install -q -r Benchmarks/requirements-header.txt
	PATH=$$PATH:$(abspath $(GDCM_TOOLS))/usr/bin $(HEADER_PEERS) Benchmarks/header.py

.PHONY: bench-report
bench-report: deps ## measure the report over 100,000 made-up instances
	swift build -c release --product quench-bench
	.build/release/quench-bench --report 100000

.PHONY: bench-worklist
bench-worklist: deps ## measure the review page's work list over 100,000 made-up instances
	swift build -c release --product quench-bench
	.build/release/quench-bench --worklist 100000

.PHONY: bench-acts
bench-acts: deps ## measure looks and acts on the command line over 100,000 made-up instances
	swift build -c release --product quench
	swift build -c release --product quench-bench
	.build/release/quench-bench --acts 100000

.PHONY: review-pictures
review-pictures: build sample-data test-deps ## take screenshots of the review page into .build/review-pictures, to be looked at
	for scenario in cine rejecting keyboard looks; do \
	  QUENCH_PICTURES=.build/review-pictures /usr/bin/python3 Tests/Browser/review.py $(BINARY) $$scenario; done

.PHONY: lint
lint: ## check the format of the sources
	swift format lint --strict --recursive Package.swift Sources Tests

.PHONY: format
format: ## format the sources
	swift format --in-place --recursive Package.swift Sources Tests

.PHONY: install
install: build ## install quench, and quench-review beside it, under PREFIX
	install -D -m 755 $(BINARY) $(DESTDIR)$(PREFIX)/bin/quench
	install -D -m 755 $(BINARY)-review $(DESTDIR)$(PREFIX)/bin/quench-review

.PHONY: clean
clean: ## remove what was built and made
	rm -rf .build $(SAMPLE) $(DEMO_OUTPUT)
