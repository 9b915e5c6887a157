import sys
from pathlib import Path

import pytest

from matcher.encode.sentence import SentenceEncoder
from matcher.errors import MissingExtra, ModelBroken


def test_without_sentence_transformers_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(MissingExtra, match=r"patent-matcher\[models\]") as caught:
        SentenceEncoder.open("some/model")
    assert caught.value.data()["extra"] == "models"


def test_a_folder_that_is_no_model_is_named(tmp_path: Path) -> None:
    pytest.importorskip("sentence_transformers", reason="needs the extra [models]")
    (tmp_path / "config.json").write_text("{", "utf-8")
    with pytest.raises(ModelBroken, match="无法加载") as caught:
        SentenceEncoder.open(str(tmp_path))
    assert caught.value.details["name"] == str(tmp_path)
