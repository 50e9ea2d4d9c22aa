"""What an answer may not use: for each exercise that somebody has written already, where that ready-made answer is.

By notebook, as its `start` call names it, and by the name that the exercise asks for. An entry stands for itself, for whatever else it is
called, and for all that is inside it; `*.name` stands for an attribute or an argument of that name of anything. What is not listed may be
used, and where a library call is an answer that the course accepts, the exercise says so.
"""

from __future__ import annotations

# Libraries of ready-made metrics and models. The course does not need them; some machines have them.
_MODELS = ("transformers",)
_METRICS = ("nltk", "rouge_score", "sacrebleu", "torchmetrics", "evaluate", "sklearn", "scipy.stats")
_BYTE_PAIRS = ("tiktoken", "tokenizers", "transformers", "llmkit.models.from_ranks", "llmkit.models.tokenizer")
_AUTOMATIC = (
    "torch.autograd.grad",
    "torch.autograd.backward",
    "torch.autograd.functional",
    "torch.func",
    "*.requires_grad_",
    "*.requires_grad",
    "*.backward",
)
_GENERATION = (
    "llmkit.models.generate",
    "llmkit.models.stream",
    "llmkit.tasks.Assistant",
    "llmkit.tasks.ChatModel",
    "llmkit.tasks.smollm2_chat",
    *_MODELS,
)
_GPT = ("llmkit.models.GPTModel", "llmkit.models.SplitGPT", "llmkit.models.load_file", *_MODELS)
_ATTENTION = (
    "llmkit.models.MultiHeadAttention",
    "llmkit.models.split_gpt",
    "llmkit.models.bert",
    "torch.nn.MultiheadAttention",
    *_MODELS,
)
_FAST_LLAMA = ("llmkit.models.llama", "llmkit.models.llama_model")
_LLAMA = (*_FAST_LLAMA, "llmkit.models.split_llama", *_MODELS)
_QUANTISERS = (
    "torch.quantize_per_tensor",
    "torch.quantize_per_tensor_dynamic",
    "torch.quantize_per_channel",
    "torch.fake_quantize_per_tensor_affine",
    "torch.fake_quantize_per_channel_affine",
    "torch.ao",
    "torch.quantization",
    "torchao",
    "bitsandbytes",
    "llmkit.models.quantised",
    *_MODELS,
)
_GGUF = ("llmkit.models.gguf", "llmkit.models.read_gguf", "llmkit.models.llama", "gguf", "llama_cpp", *_MODELS)
_MEAN_LOSS = ("llmkit.training.mean_loss",)

RESERVED: dict[str, dict[str, tuple[str, ...]]] = {
    "ch01/02_measuring_a_language_model": {"perplexity": ("llmkit.tasks.perplexity",)},
    "ch02/04_byte_pair_encoding": {
        "bpe_train": _BYTE_PAIRS,
        "bpe_encode": _BYTE_PAIRS,
        "bpe_decode": _BYTE_PAIRS,
        "bpe_ranks": _BYTE_PAIRS,
    },
    "ch02/05_perceptron": {"Perceptron": ("sklearn",)},
    "ch02/06_multilayer_perceptron": {
        "binary_cross_entropy": _AUTOMATIC,
        "linear_backward": _AUTOMATIC,
        "MLP": tuple(name for name in _AUTOMATIC if name != "*.backward"),  # its own method has this name
    },
    "ch02/07_mlp_in_pytorch": {"cross_entropy": ("torch.nn.functional.cross_entropy", "torch.nn.CrossEntropyLoss")},
    "ch03/01_simple_self_attention": {
        "simple_context_vectors": ("torch.nn.functional.scaled_dot_product_attention", "torch.nn.MultiheadAttention"),
    },
    "ch03/04_multi_head_attention": {"MultiHeadAttention": _ATTENTION},
    "ch04/01_layer_norm_gelu_feed_forward": {
        "LayerNorm": (
            "torch.nn.LayerNorm",
            "torch.nn.functional.layer_norm",
            "torch.layer_norm",
            "torch.native_layer_norm",
            "torch.nn.GroupNorm",
            "torch.nn.functional.group_norm",
            "torch.group_norm",
            "transformers",
        ),
        "GELU": ("torch.nn.GELU", "torch.nn.functional.gelu", "transformers"),
        "FeedForward": ("llmkit.models.bert.FeedForward", *_MODELS),
    },
    "ch04/02_transformer_block": {
        "TransformerBlock": (
            "llmkit.models.TransformerBlock",
            "llmkit.models.GPTModel",
            "llmkit.models.SplitGPT",
            "torch.nn.TransformerEncoderLayer",
            "torch.nn.TransformerDecoderLayer",
            *_MODELS,
        ),
    },
    "ch04/03_gpt_model": {"GPTModel": _GPT},
    "ch04/04_generation": {"generate_greedy": _GENERATION},
    "ch05/01_loss_and_perplexity": {
        "loss_batch": (
            "llmkit.training.loss_of",
            "llmkit.training.linear_cross_entropy",
            "llmkit.training.answer_loss",
        ),
        "loss_loader": _MEAN_LOSS,
    },
    "ch05/02_training_loop": {"evaluate": _MEAN_LOSS},
    "ch05/03_learning_rate_and_gradients": {
        "warmup_cosine": ("llmkit.training.warmup_cosine", "transformers"),
        "clip_gradients": (
            "torch.nn.utils.clip_grad_norm_",
            "torch.nn.utils.clip_grads_with_norm_",
            "torch.nn.utils.get_total_norm",
        ),
    },
    "ch05/04_decoding": {
        "apply_temperature": ("llmkit.views.tempered", "transformers"),
        "top_k_filter": ("llmkit.views.most_probable", "transformers"),
        "top_p_filter": ("llmkit.views.nucleus", "transformers"),
        "sample_next": ("llmkit.models.choose", *_MODELS),
        "generate": _GENERATION,
    },
    "ch05/05_checkpoints_and_gpt2": {"load_gpt2_weights": ("llmkit.models.weights", *_MODELS)},
    "ch06/01_data": {"split": ("sklearn",)},
    "ch06/02_classifier_head": {
        "last_logits": ("llmkit.tasks.last_real", "llmkit.tasks.pooled", "llmkit.tasks.classifier.at")
    },
    "ch06/03_training_a_classifier": {
        "accuracy": ("llmkit.tasks.interval", "sklearn", "scipy.stats"),
        "classification_loss": ("llmkit.tasks.loss_of_batch",),
    },
    "ch06/04_using_the_classifier": {
        "classify": ("llmkit.tasks.SpamClassifier",),
        "confusion_matrix": ("sklearn", "torchmetrics"),
        "reliability": ("sklearn",),
    },
    "ch07/01_instruction_data": {
        "format_prompt": ("llmkit.tasks.prompts", "llmkit.tasks.TEMPLATES", "llmkit.tasks.template")
    },
    "ch07/03_instruction_tuning": {"response_loss": ("llmkit.training.answer_loss", "llmkit.training.loss_of")},
    "ch07/04_responses": {"generate_response": _GENERATION},
    "ch07/05_evaluation": {
        "score_by_task": (
            "llmkit.tasks.exact_match",
            "llmkit.tasks.f1",
            "llmkit.tasks.metrics",
            "llmkit.tasks.right_by_task",
        ),
        "parse_score": ("llmkit.tasks.whole_number", "llmkit.tasks.JudgeModel"),
    },
    "bert/01_vocabulary_and_batches": {
        "clean": ("llmkit.tasks.words_of", "llmkit.tasks.documents", "nltk"),
        "build_vocab": ("llmkit.tasks.vocabulary",),
        "encode_pair": ("llmkit.tasks.pair_row", "llmkit.tasks.Batches", "transformers", "tokenizers"),
        "sentence_pairs": ("llmkit.tasks.Batches",),
        "make_mlm_batch": ("llmkit.tasks.Batches", "transformers"),
    },
    "bert/02_embeddings_and_attention": {
        "BertEmbedding": ("llmkit.models.bert", "llmkit.models.BertModel", *_MODELS),
        "padding_mask": ("llmkit.models.bert",),
        "MultiHeadAttention": tuple(name for name in _ATTENTION if name != "torch.nn.MultiheadAttention"),
    },
    "bert/03_encoder_and_model": {
        "FeedForwardSublayer": ("llmkit.models.bert", *_MODELS),
        "EncoderLayer": (
            "llmkit.models.bert.EncoderLayer",
            "llmkit.models.BertModel",
            "torch.nn.TransformerEncoderLayer",
            *_MODELS,
        ),
        "BertModel": ("llmkit.models.BertModel", *_MODELS),
    },
    "bert/04_training_and_masks": {"predict_mask": ("transformers",)},
    "bert/05_real_bert": {
        "basic_split": ("tokenizers", "transformers"),
        "word_piece": ("tokenizers", "transformers"),
        "load_bert_weights": ("llmkit.models.bert.load_transformers", *_MODELS),
        "nearest_texts": ("sklearn",),
    },
    "metrics/01_overlap_metrics": {
        "perplexity": ("llmkit.tasks.metrics.perplexity", *_METRICS),
        "exact_match": ("llmkit.tasks.metrics", *_METRICS),
        "f1": ("llmkit.tasks.metrics.f1", "llmkit.tasks.metrics.exact_match", *_METRICS),
        "bleu": ("llmkit.tasks.metrics.bleu", *_METRICS),
        "rouge_n": ("llmkit.tasks.metrics.rouge_n", "llmkit.views.matched_ngrams", *_METRICS),
        "rouge_l": ("llmkit.tasks.metrics.rouge_l", *_METRICS),
    },
    "metrics/02_what_metrics_miss": {
        "meteor": ("llmkit.tasks.metrics.meteor", "llmkit.views.alignment", *_METRICS),
        "cider": ("llmkit.tasks.metrics.cider", "llmkit.tasks.metrics.cider_each", *_METRICS),
        "kendall_tau": ("scipy", "sklearn", "pandas"),
    },
    "modern/01_rmsnorm_and_swiglu": {
        "RMSNorm": (
            "torch.nn.RMSNorm",
            "torch.nn.functional.rms_norm",
            "torch.rms_norm",
            "torch._fused_rms_norm",
            *_LLAMA,
        ),
        "silu": (
            "torch.nn.SiLU",
            "torch.nn.functional.silu",
            "torch._C._nn.silu",
            "torch.nn.Hardswish",
            "torch.nn.functional.hardswish",
            "transformers",
        ),
        "SwiGLU": _LLAMA,
    },
    "modern/02_rotary_positions": {
        "rotary_angles": _LLAMA,
        "rotate_halves": _LLAMA,
        "rotate_pairs": _LLAMA,
        "pairs_to_halves": _LLAMA,
    },
    "modern/03_grouped_queries_and_cache": {
        "repeat_heads": _MODELS,
        "GroupedQueryAttention": ("llmkit.models", *_MODELS),
        "attend_with_cache": ("llmkit.models", *_MODELS),
    },
    "modern/04_quantisation": {
        "absmax_int8": _QUANTISERS,
        "blockwise_int8": _QUANTISERS,
        "blockwise_4bit": _QUANTISERS,
        "read_q8_0": _GGUF,
        "read_q4_1": _GGUF,
    },
    "modern/05_a_real_assistant": {
        "split_digits": ("tokenizers", "transformers"),
        "chat_ids": ("transformers", "llmkit.tasks.ChatModel", "llmkit.tasks.chat_model", "llmkit.tasks.smollm2_chat"),
        "LlamaBlock": ("llmkit.models.SplitLlamaBlock", "llmkit.models.SplitLlama", *_FAST_LLAMA, *_MODELS),
        "LlamaModel": ("llmkit.models.SplitLlama", *_FAST_LLAMA, *_MODELS),
        "state_from_gguf": (*_FAST_LLAMA, "llmkit.models.weights", *_MODELS),
        "answer": _GENERATION,
    },
    "modern/06_lora": {
        "LoRALinear": ("llmkit.models.LoRALinear", "peft"),
        "add_lora": ("peft",),
        "merge_lora": ("peft",),
        "lora_state": ("peft",),
        "load_lora": ("peft",),
    },
}
