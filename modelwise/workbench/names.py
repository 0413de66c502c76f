"""What AUTOMATIC1111 1.10.1 calls its samplers, schedulers and upscalers, in its order; sample names."""

from __future__ import annotations

from modelwise.webui.host import NameKind

SAMPLERS = (
    *("DPM++ 2M", "DPM++ SDE", "DPM++ 2M SDE", "DPM++ 2M SDE Heun", "DPM++ 2S a", "DPM++ 3M SDE", "Euler a"),
    *("Euler", "LMS", "Heun", "DPM2", "DPM2 a", "DPM fast", "DPM adaptive", "Restart", "DDIM", "DDIM CFG++"),
    *("PLMS", "UniPC", "LCM"),
)
SCHEDULERS = (
    *("Automatic", "Uniform", "Karras", "Exponential", "Polyexponential", "SGM Uniform", "KL Optimal"),
    *("Align Your Steps", "Simple", "Normal", "DDIM", "Beta"),
)
UPSCALERS = (
    *("Latent", "Latent (antialiased)", "Latent (bicubic)", "Latent (bicubic antialiased)"),
    *(
        "Latent (nearest)",
        "Latent (nearest-exact)",
        "None",
        "Lanczos",
        "Nearest",
        "DAT x2",
        "DAT x3",
        "DAT x4",
    ),
    *("ESRGAN_4x", "LDSR", "R-ESRGAN 4x+", "R-ESRGAN 4x+ Anime6B", "ScuNET GAN", "ScuNET PSNR", "SwinIR 4x"),
)
SAME_CHECKPOINT, SAME_SAMPLER, SAME_SCHEDULER = (
    "Use same checkpoint",
    "Use same sampler",
    "Use same scheduler",
)
CALLED: dict[NameKind, tuple[str, ...]] = {
    "lora": ("detail slider", "ink & wash (v2)", "pastel_lines", "水彩"),
    "lyco": ("detail slider", "ink & wash (v2)", "pastel_lines", "水彩"),
    "hypernet": ("soft-light",),
    "embedding": ("bad-hands-5", "easynegative"),
    "wildcard": ("hair/color", "place"),
}
"""Made-up names of what a prompt can call, some of them hard to write."""
